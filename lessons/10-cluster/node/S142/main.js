// S142 | cluster.Worker: id, process, isConnected, isDead, exitedAfterDisconnect
// api: Worker.id Worker.process Worker.isConnected Worker.isDead Worker.exitedAfterDisconnect Worker.kill Worker.disconnect cluster.worker
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const show = (w, when) => console.log(`worker ${w.id} ${when}: connected ${w.isConnected()}, dead ${w.isDead()}, ` +
    `left on purpose ${w.exitedAfterDisconnect === undefined ? 'not known yet' : w.exitedAfterDisconnect}`);

  const leaves = cluster.fork();
  leaves.on('message', (m) => {
    console.log(`in the worker: id ${m.id}, isWorker ${m.isWorker}, its own pid ${m.pid === leaves.process.pid}`);
    show(leaves, 'running');
    leaves.disconnect();
  });
  leaves.on('exit', (code, signal) => {
    console.log(`code ${code}, signal ${signal || 'none'}`);
    show(leaves, 'after disconnect');
    const shot = cluster.fork();
    shot.on('message', () => process.kill(shot.process.pid, 'SIGKILL'));
    shot.on('exit', (code2, signal2) => {
      console.log(`code ${code2 === null ? 'none' : code2}, signal ${signal2}`);
      console.log(`worker ${shot.id}: dead ${shot.isDead()}, left on purpose ${Boolean(shot.exitedAfterDisconnect)}`);
    });
  });
} else {
  process.send({ id: cluster.worker.id, isWorker: cluster.isWorker, pid: process.pid });
}
