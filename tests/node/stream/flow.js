const stream = require('stream');
const print = (...a) => console.log(a.map((x) => x === null ? 'nil' : x).join('\t'));

const r = new stream.Readable({ read() {} });
const seen = (d) => print('data', String(d));
for (const name of ['pause', 'resume', 'end']) r.on(name, () => print(name));
print(r.isPaused(), r.readableFlowing);
r.on('data', seen);
r.push('1');
print(r.isPaused(), r.readableFlowing);
setImmediate(() => {
  r.push('2');
  r.pause();
  r.push('3');
  print(r.isPaused(), r.readableFlowing, r.readableLength);
  setImmediate(() => {
    r.resume();
    setImmediate(() => {
      r.off('data', seen);
      r.push('lost?');
      print(r.readableFlowing, r.readableLength);
      setImmediate(() => {
        print(r.readableLength);
        r.on('readable', () => print('readable', String(r.read() ?? 'nil')));
        r.push('4');
        r.push(null);
      });
    });
  });
});

const c = new stream.Writable({ construct(done) { print('_construct'); setImmediate(done); },
  write(chunk, _, done) { print('constructed write', String(chunk)); done(); } });
c.write('early');
c.end();
c.on('finish', () => print('constructed finish'));

function sink(name, fail) {
  const w = new stream.Writable({ write(chunk, _, done) {
    print(name, String(chunk));
    done(fail ? new Error(fail) : undefined);
  } });
  w.on('unpipe', () => print(name, 'unpipe'));
  w.on('finish', () => print(name, 'finish'));
  return w;
}
const src = new stream.Readable({ read() {} });
const a = sink('a'), b = sink('b'), bad = sink('bad', 'no space');
bad.on('error', (e) => print('bad', 'error', e.message));
src.pipe(a);
src.pipe(b, { end: false });
src.pipe(bad);
src.push('x');
setTimeout(() => {
  src.push('y');
  setImmediate(() => {
    src.unpipe(a);
    src.push('z');
    src.push(null);
    src.on('end', () => print('src end', a.writableEnded, b.writableEnded));
  });
}, 20);
