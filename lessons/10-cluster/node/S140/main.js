// S140 | cluster: the events of one worker's life
// api: cluster.on(setup) cluster.on(fork) cluster.on(online) cluster.on(listening) cluster.on(message) cluster.on(disconnect) cluster.on(exit) Worker.disconnect
'use strict';
const cluster = require('cluster');
const net = require('net');

if (cluster.isPrimary) {
  const seen = { cluster: [], worker: [] };
  for (const name of ['setup', 'fork', 'online', 'listening', 'message', 'disconnect', 'exit']) {
    cluster.on(name, () => { if (name !== 'setup' || seen.cluster.length === 0) seen.cluster.push(name); });
  }
  const worker = cluster.fork();
  for (const name of ['online', 'listening', 'message', 'disconnect', 'exit']) {
    worker.on(name, () => seen.worker.push(name));
  }
  worker.on('listening', () => worker.disconnect());
  let left = 2;
  const end = () => {
    left -= 1;
    if (left > 0) return;
    setImmediate(() => {
      // exit and disconnect may come in either order; the rest is certain
      for (const who of ['cluster', 'worker']) {
        const last = (s) => s === 'disconnect' || s === 'exit';
        console.log(`${who}: ${seen[who].filter((s) => !last(s)).join(' ')}, ` +
          `then, in this order or the other: ${seen[who].filter(last).sort().join(' ')}`);
      }
      console.log(`left on purpose: ${worker.exitedAfterDisconnect}`);
    });
  };
  worker.on('disconnect', end);
  worker.on('exit', end);
} else {
  process.send('about to listen');
  net.createServer().listen(0, '127.0.0.1');
}
