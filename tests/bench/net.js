const net = require('net');
const ROUNDS = 200000, CONNECTS = 4000, BULK = 16384;
const now = process.hrtime.bigint;
const since = (began) => Number(now() - began) / 1e9;

function bulk(port, done) {
  const chunk = Buffer.alloc(65536, 'x');
  let left = BULK;
  const began = now();
  const s = net.connect(port, '127.0.0.1');
  function fill() {
    while (left > 0) {
      left--;
      if (!s.write(chunk)) return;
    }
    s.end();
  }
  s.on('drain', fill);
  s.on('close', () => {
    console.log('bulk_mb_s ' + BULK * 65536 / 1e6 / since(began));
    done();
  });
  fill();
}

function connects(port, done) {
  const began = now();
  let open = 0, count = 0;
  function one() {
    count++;
    open++;
    const s = net.connect(port, '127.0.0.1');
    s.on('data', () => s.end());
    s.on('close', () => {
      open--;
      if (count < CONNECTS) return one();
      if (open > 0) return;
      console.log('connects_s ' + CONNECTS / since(began));
      done();
    });
    s.end('hello');
  }
  for (let i = 0; i < 16; i++) one();
}

function rounds(port, done) {
  const began = now();
  let left = ROUNDS, open = 32;
  for (let i = 0; i < 32; i++) {
    const s = net.connect(port, '127.0.0.1');
    s.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    s.on('data', () => {
      left--;
      if (left > 0) s.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
      else s.end();
    });
    s.on('close', () => {
      open--;
      if (open > 0) return;
      console.log('rounds_s ' + ROUNDS / since(began));
      done();
    });
  }
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sat, 21 Nov 2026 05:55:15 GMT\r\n' +
  'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 5\r\n\r\nhello';
const server = net.createServer((c) => c.on('data', () => c.write(answer)));
const sink = net.createServer((c) => c.resume());
server.listen(0, '127.0.0.1', () => sink.listen(0, '127.0.0.1', () => {
  rounds(server.address().port, () => connects(server.address().port, () => bulk(sink.address().port, () => {
    server.close();
    sink.close();
  })));
}));
