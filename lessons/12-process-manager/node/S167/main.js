// S167 | cluster: watch the memory of the workers and restart one that takes too much
// api: process.memoryUsage cluster.fork Worker.send process.send Worker.disconnect setInterval
// covers: S167 S183
'use strict';
const cluster = require('cluster');
const MB = 1024 * 1024;

function memory() {
  const used = process.memoryUsage();
  return { rss: used.rss, heapTotal: used.heapTotal, heapUsed: used.heapUsed, external: used.external };
}

if (cluster.isPrimary) {
  const THRESHOLD = 32 * MB; // on top of what a worker has at its start
  const start = () => new Promise((resolve) => {
    const worker = cluster.fork();
    worker.once('message', (m) => { worker.base = m.external; resolve(worker); });
  });
  const ask = (worker, what) => new Promise((resolve) => {
    worker.once('message', resolve);
    worker.send(what);
  });
  const check = async (worker) => {
    const m = await ask(worker, 'report');
    const over = m.external - worker.base > THRESHOLD;
    console.log(`worker ${worker.id}: four figures in bytes ${[m.rss, m.heapTotal, m.heapUsed, m.external].every((n) => n > 0)}, ` +
      `heap within the process ${m.rss > m.heapUsed}, over the threshold ${over}`);
    if (!over) return worker;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.disconnect();
    await gone;
    const next = await start();
    console.log(`worker ${worker.id} was replaced by worker ${next.id}`);
    return next;
  };

  (async () => {
    let workers = [await start(), await start()];
    for (let i = 0; i < 2; i++) workers[i] = await check(workers[i]);
    await ask(workers[0], 'take 64 MB');
    for (let i = 0; i < 2; i++) workers[i] = await check(workers[i]);
    for (let i = 0; i < 2; i++) workers[i] = await check(workers[i]);
    for (const w of workers) w.disconnect();
  })();
} else {
  const hoard = [];
  process.on('message', (m) => {
    if (m === 'take 64 MB') hoard.push(Buffer.alloc(64 * MB, 1));
    process.send(memory());
  });
  process.send(memory());
}
