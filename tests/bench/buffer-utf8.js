'use strict';
const bench = require('./lib/rate');
const lines = {
  ascii: 'A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. ',
  mixed: 'Node 是单线程的，事件驱动、非阻塞 I/O；不过它能 fork 出子进程，利用多核 CPU。'
};

for (const name of ['ascii', 'mixed']) {
  const line = lines[name];
  const text = line.repeat(Math.floor(65536 / Buffer.byteLength(line)));
  const b = Buffer.from(text);
  console.log(`${name}_out ${bench.rate(b.length, (n) => {
    for (let i = 0; i < n; i++) b.toString();
  })}`);
  console.log(`${name}_into ${bench.rate(b.length, (n) => {
    for (let i = 0; i < n; i++) Buffer.from(text);
  })}`);
}
