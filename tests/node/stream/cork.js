const stream = require('stream');
const print = (...a) => console.log(a.join('\t'));

const chunks = (list) => list.map((entry) => entry.chunk + '/' + (entry.encoding || '-')).join(' ');

const w = new stream.Writable({ highWaterMark: 4,
  write(chunk, encoding, done) { print('_write', String(chunk), encoding); setImmediate(done); },
  writev(list, done) { print('_writev', chunks(list)); setImmediate(done); } });
w.on('drain', () => print('drain'));
w.on('finish', () => print('finish'));
w.on('close', () => print('close'));
w.cork();
w.cork();
print(w.write('a'), w.write('bb', () => print('bb')), w.write('cc'));
print(w.writableCorked, w.writableLength);
w.uncork();
process.nextTick(() => {
  print('uncork');
  w.uncork();
  w.write('d');
  w.write('e', () => print('e'));
  w.once('drain', () => {
    w.cork();
    w.write('6869');
    w.write('6869', 'hex');
    w.end();
  });
});

const o = new stream.Writable({ objectMode: true, highWaterMark: 2, decodeStrings: false,
  write(value, encoding, done) { print('object', String(value), encoding || '-'); done(); } });
o.on('drain', () => print('object drain'));
print(o.write(1), o.write('two'), o.write(false));

const s = new stream.Writable({ decodeStrings: false, defaultEncoding: 'latin1',
  write(chunk, encoding, done) { print(typeof chunk, encoding); done(); } });
s.write('x');
s.write('y', 'utf8');
s.setDefaultEncoding('ascii');
s.write('z');
