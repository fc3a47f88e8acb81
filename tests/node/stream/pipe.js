const stream = require('stream');
const print = (...a) => console.log(a.join('\t'));

let n = 0;
const r = new stream.Readable({ highWaterMark: 8, read() {
  n++;
  print('_read', n, this.readableLength);
  this.push(n <= 6 ? 'x'.repeat(4) : null);
} });
const w = new stream.Writable({ highWaterMark: 6, write(chunk, _, done) {
  print('_write', chunk.length, this.writableLength, r.readableLength);
  setImmediate(done);
} });
for (const name of ['end', 'close', 'pause', 'resume'])
  r.on(name, () => print('r', name, r.readableFlowing));
for (const name of ['drain', 'finish', 'close', 'pipe', 'unpipe'])
  w.on(name, (src) => print('w', name, src === r));
print(r.pipe(w) === w);
