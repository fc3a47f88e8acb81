const stream = require('stream');
const print = (...a) => console.log(a.join('\t'));

function watch(name, s) {
  for (const event of ['data', 'end', 'finish', 'close', 'prefinish'])
    s.on(event, (x) => print(name, event, x ? String(x) : '-'));
  return s;
}

const echo = watch('echo', new stream.Duplex({ read() {},
  write(chunk, _, done) { this.push(chunk); done(); },
  final(done) { print('_final'); this.push(null); done(); } }));
echo.write('one');
echo.end('two');

const half = watch('half', new stream.Duplex({ allowHalfOpen: false, read() { this.push(null); },
  write(_, __, done) { done(); } }));
print(half.allowHalfOpen, half.writable, half.readable);

const off = new stream.Duplex({ readable: false, write(_, __, done) { done(); } });
print(off.readable, off.writable, off.readableEnded);
off.on('close', () => print('off close'));
off.end();

const both = new stream.Duplex({ readableHighWaterMark: 3, writableHighWaterMark: 4, readableObjectMode: true });
print(both.readableHighWaterMark, both.writableHighWaterMark, both.readableObjectMode, both.writableObjectMode);
print(both instanceof stream.Readable, both instanceof stream.Writable, both instanceof require('events'));
