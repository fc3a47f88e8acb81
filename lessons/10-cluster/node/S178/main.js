// S178 | cluster: ask every worker whether it is well, end the one that does not answer
// api: Worker.send worker.once(message) setTimeout Worker.kill event:exit
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const workers = new Map();
  for (let i = 0; i < 2; i++) { const w = cluster.fork(); workers.set(w.id, w); }

  function healthCheck() {
    return Promise.all([...workers.values()].map((worker) => new Promise((resolve) => {
      const timeout = setTimeout(() => {
        worker.removeListener('message', answer);
        worker.once('exit', () => { workers.delete(worker.id); resolve(`worker ${worker.id} did not answer and was ended`); });
        worker.process.kill('SIGKILL');
      }, 300);
      const answer = (msg) => {
        if (msg.type !== 'health_check_response') return;
        clearTimeout(timeout);
        worker.removeListener('message', answer);
        resolve(`worker ${worker.id} is well`);
      };
      worker.on('message', answer);
      worker.send({ type: 'health_check' });
    })));
  }

  let online = 0;
  cluster.on('message', async (w, m) => {
    if (m.type !== 'up' || ++online < 2) return;
    for (const line of await healthCheck()) console.log(`round 1: ${line}`);
    workers.get(2).send({ type: 'hang' });
    for (const line of await healthCheck()) console.log(`round 2: ${line}`);
    for (const line of await healthCheck()) console.log(`round 3: ${line}`);
    for (const worker of workers.values()) worker.disconnect();
  });
} else {
  process.on('message', (msg) => {
    if (msg.type === 'health_check') process.send({ type: 'health_check_response' });
    if (msg.type === 'hang') { const end = Date.now() + 4000; while (Date.now() < end) { /* stuck */ } process.exit(0); }
  });
  process.send({ type: 'up' });
}
