// S143 | cluster.disconnect: all workers leave, then the callback
// api: cluster.disconnect cluster.workers event:exit event:disconnect
'use strict';
const cluster = require('cluster');
const net = require('net');

if (cluster.isPrimary) {
  for (let i = 0; i < 3; i++) cluster.fork();
  let ready = 0;
  let exits = 0;
  let disconnects = 0;
  cluster.on('listening', () => {
    ready += 1;
    if (ready < 3) return;
    console.log(`workers: ${Object.keys(cluster.workers).length}`);
    cluster.disconnect(() => {
      console.log(`callback: workers left ${Object.keys(cluster.workers).length}`);
      done();
    });
  });
  let open = 7; // three disconnects, three exits, one callback
  const done = () => {
    open -= 1;
    if (open === 0) console.log(`in the end: ${disconnects} disconnects, ${exits} exits with code 0`);
  };
  cluster.on('disconnect', () => { disconnects += 1; done(); });
  cluster.on('exit', (w, code) => { if (code === 0) exits += 1; done(); });
} else {
  net.createServer().listen(0, '127.0.0.1');
}
