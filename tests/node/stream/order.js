const stream = require('stream');
const print = (...a) => console.log(a.join('\t'));

let n = 0;
const r = new stream.Readable({ read() {
  n++;
  print('_read', n);
  this.push(n < 4 ? 'chunk' + n : null);
} });
for (const name of ['data', 'end', 'close', 'pause', 'resume', 'error'])
  r.on(name, (x) => print('r', name, x ? String(x) : '-'));

const w = new stream.Writable({ highWaterMark: 5,
  write(chunk, encoding, done) {
    print('_write', String(chunk), encoding);
    done();
  },
  final(done) {
    print('_final');
    done();
  } });
for (const name of ['drain', 'finish', 'close', 'error', 'pipe', 'unpipe'])
  w.on(name, () => print('w', name));
print(w.write('abc', (err) => print('callback 1', err || '-')));
print(w.write('defgh', 'latin1', () => print('callback 2')));
print(w.writableLength, w.writableNeedDrain);
w.end('zz', () => print('callback of finish'));
process.nextTick(() => print('tick'));
print('end of script');
