// S098 | communication 3: a message queue between processes that need not be there at the same time
// api: net.createServer net.connect child_process.spawn JSON
'use strict';
const net = require('net');
const { spawn } = require('child_process');
const [, , role, portArg, extra] = process.argv;

function lines(socket, cb) {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    for (const p of parts) cb(JSON.parse(p));
  });
}
const send = (socket, m) => socket.write(`${JSON.stringify(m)}\n`);

if (role === 'producer') {
  const s = net.connect(Number(portArg), '127.0.0.1', () => {
    for (let i = 1; i <= 5; i++) send(s, { put: `job ${i}` });
    s.end();
  });
} else if (role === 'consumer') {
  const s = net.connect(Number(portArg), '127.0.0.1', () => send(s, { take: Number(extra) }));
  const got = [];
  lines(s, (m) => {
    got.push(m.job);
    if (got.length < Number(extra)) return;
    console.log(`consumer took: ${got.join(', ')}`);
    s.end();
  });
} else {
  const queue = [];
  const broker = net.createServer({ allowHalfOpen: false }, (socket) => {
    lines(socket, (m) => {
      if (m.put) queue.push(m.put);
      for (let i = 0; i < (m.take || 0); i++) send(socket, { job: queue.shift() });
    });
    socket.on('error', () => {});
  });
  const run = (...args) => new Promise((resolve) => {
    spawn(process.execPath, [__filename, args[0], String(broker.address().port), String(args[1] || '')], { stdio: 'inherit' })
      .on('exit', resolve);
  });
  broker.listen(Number(process.env.PORT || 0), '127.0.0.1', async () => {
    await run('producer');
    while (queue.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log(`the producer is gone, the queue holds ${queue.length}`);
    await run('consumer', 3);
    console.log(`the queue holds ${queue.length}`);
    await run('consumer', 2);
    console.log(`the queue holds ${queue.length}`);
    broker.close();
  });
}
