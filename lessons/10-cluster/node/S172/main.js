// S172 | cluster: choose the worker yourself, by reported load
// api: cluster.fork Worker.send process.send Map event:exit
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const workers = new Map();
  let onDone = () => {};

  function createWorker() {
    const worker = cluster.fork();
    const data = { process: worker, load: 0 };
    workers.set(worker.id, data);
    worker.on('message', (msg) => {
      if (msg.type === 'load') { data.load = msg.load; onDone(worker.id); }
    });
    return worker;
  }
  let closing = false;
  cluster.on('exit', (worker) => {
    if (closing) return;
    console.log(`worker ${worker.id} has exited`);
    workers.delete(worker.id);
    createWorker();
  });

  const leastLoaded = () => [...workers.entries()].sort((a, b) => a[1].load - b[1].load || a[0] - b[0])[0][0];
  const give = (id, weight) => new Promise((resolve) => {
    onDone = resolve;
    workers.get(id).process.send({ type: 'task', weight });
  });

  (async () => {
    for (let i = 0; i < 3; i++) createWorker();
    for (const weight of [5, 1, 2, 1, 1]) {
      const id = leastLoaded();
      await give(id, weight);
      console.log(`task of weight ${weight} to worker ${id}; loads ${[...workers.values()].map((d) => d.load).join(' ')}`);
    }
    const gone = new Promise((resolve) => cluster.once('exit', resolve));
    workers.get(1).process.process.kill('SIGKILL');
    await gone;
    const id = leastLoaded();
    await give(id, 1);
    console.log(`next task to the replacement, worker ${id}; loads ${[...workers.values()].map((d) => d.load).join(' ')}`);
    closing = true;
    for (const w of workers.values()) w.process.disconnect();
  })();
} else {
  let load = 0;
  process.on('message', (msg) => {
    load += msg.weight;
    process.send({ type: 'load', load });
  });
}
