// S175 | cluster: the primary counts requests and errors of all workers
// api: cluster.fork process.send Map event:message http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const workers = new Map();
  const metrics = { totalRequests: 0, activeWorkers: 0, failedRequests: 0 };
  let counted = () => {};

  function createWorker() {
    const worker = cluster.fork();
    workers.set(worker.id, { startTime: Date.now(), requests: 0, errors: 0 });
    metrics.activeWorkers += 1;
    worker.on('exit', () => { metrics.activeWorkers -= 1; if (metrics.activeWorkers === 0) report('at the end'); });
    worker.on('message', (msg) => {
      if (msg.type !== 'metric') return;
      const stats = workers.get(worker.id);
      stats.requests += 1;
      metrics.totalRequests += 1;
      if (msg.error) {
        stats.errors += 1;
        metrics.failedRequests += 1;
      }
      counted();
    });
  }
  function report(when) {
    console.log(`${when}: workers ${metrics.activeWorkers}, requests ${metrics.totalRequests}, failed ${metrics.failedRequests}`);
    for (const [id, s] of workers) {
      console.log(`  worker ${id}: requests ${s.requests}, uptime is a number ${(Date.now() - s.startTime) / 1000 >= 0}`);
    }
    console.log(`  errors of all workers: ${[...workers.values()].reduce((n, s) => n + s.errors, 0)}`);
  }

  for (let i = 0; i < 2; i++) createWorker();
  let listening = 0;
  cluster.on('listening', async (w, address) => {
    listening += 1;
    if (listening < 2) return;
    for (const path of ['/', '/', '/bad', '/', '/', '/']) {
      const seen = new Promise((resolve) => { counted = resolve; });
      await get(address.port, path);
      await seen;
    }
    report('after six requests');
    for (const id in cluster.workers) cluster.workers[id].disconnect();
  });
} else {
  http.createServer((req, res) => {
    const error = req.url === '/bad';
    res.statusCode = error ? 500 : 200;
    res.end();
    process.send({ type: 'metric', error });
  }).listen(Number(process.env.PORT || 0), '127.0.0.1');
}

function get(port, path) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, path, agent: false }, (res) => { res.resume(); res.on('end', resolve); });
  });
}
