// S181 | cluster: every worker tells the primary about each finished request
// api: cluster.fork cluster.on(message) process.send Map http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  console.log(`primary pid ${process.pid} is running`);
  const workers = new Map();
  for (let i = 0; i < 2; i++) {
    const worker = cluster.fork();
    workers.set(worker.id, { pid: worker.process.pid, startTime: Date.now(), requests: 0 });
  }

  let total = 0;
  cluster.on('message', (worker, message) => {
    if (message.type === 'request_completed') {
      workers.get(worker.id).requests += 1;
      total += 1;
      if (total === 6) report();
    }
  });

  const report = () => {
    console.log('report:');
    for (const info of workers.values()) {
      console.log(`worker pid ${info.pid}: requests ${info.requests}, up for some time ${Date.now() > info.startTime}`);
    }
    for (const id in cluster.workers) cluster.workers[id].kill();
  };

  let listening = 0;
  cluster.on('listening', async (w, address) => {
    listening += 1;
    if (listening < 2) return;
    for (let i = 0; i < 6; i++) await get(address.port);
  });
} else {
  http.createServer((req, res) => {
    res.writeHead(200);
    res.end(`answer of process ${process.pid}\n`);
    // tell the primary
    process.send({ type: 'request_completed' });
  }).listen(Number(process.env.PORT || 0), '127.0.0.1');
  console.log(`worker pid ${process.pid} started`);
}

function get(port) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, agent: false }, (res) => { res.resume(); res.on('end', resolve); });
  });
}
