const stream = require('stream');
const print = (...a) => console.log(a.map((x) => x === null ? 'nil' : x).join('\t'));

const r = new stream.Readable({ read() { print('_read'); } });
r.push('abc');
r.push('defgh');
print(r.readableLength, r.readableFlowing);
r.on('readable', () => {
  print('readable', r.readableLength);
  let chunk = r.read(4);
  print('read 4', chunk ? String(chunk) : 'null');
  if (chunk && r.readableLength === 4) {
    r.unshift('XY');
    print('unshift', r.readableLength);
  }
  chunk = r.read();
  print('read', chunk ? String(chunk) : 'null');
});
r.on('end', () => print('end', r.readableEnded));
r.on('close', () => print('close', r.destroyed));
print(r.readableFlowing);
setImmediate(() => {
  print('more');
  r.push('0123456789');
  r.push(null);
});
