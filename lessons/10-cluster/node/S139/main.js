// S139 | cluster: the built-in distribution, in turn or left to the system
// api: cluster.schedulingPolicy SCHED_RR SCHED_NONE cluster.fork http
// covers: S139 S168 S171
'use strict';
const cluster = require('cluster');
const http = require('http');
const { spawnSync } = require('child_process');
const REQUESTS = 8;

if (!process.argv[2] && !cluster.isWorker) {
  for (const policy of ['rr', 'none']) {
    process.stdout.write(spawnSync(process.execPath, [__filename, policy], { encoding: 'utf8' }).stdout);
  }
} else if (cluster.isPrimary) {
  const rr = process.argv[2] === 'rr';
  cluster.schedulingPolicy = rr ? cluster.SCHED_RR : cluster.SCHED_NONE;
  cluster.fork();
  cluster.fork();
  let ready = 0;
  cluster.on('listening', async (w, address) => {
    ready += 1;
    if (ready < 2) return;
    const count = { 1: 0, 2: 0 };
    for (let i = 0; i < REQUESTS; i++) count[await get(address.port)] += 1;
    if (rr) console.log(`in turn: worker 1 ${count[1]}, worker 2 ${count[2]}`);
    else console.log(`shared handle: together ${count[1] + count[2]}`);
    for (const id in cluster.workers) cluster.workers[id].kill();
  });
} else {
  http.createServer((req, res) => res.end(String(cluster.worker.id))).listen(0, '127.0.0.1');
}

function get(port) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    });
  });
}
