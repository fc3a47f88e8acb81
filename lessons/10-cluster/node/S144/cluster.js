// S144 | cluster: primary and workers in two files, messages and listening events
// api: cluster.isPrimary cluster.fork cluster.on(message) cluster.on(listening) os.cpus http
// ordered: false
// covers: S144
'use strict';
const cluster = require('cluster');
const http = require('http');

// only the primary may create workers
if (cluster.isPrimary) {
  console.log(`Master Process pid ${process.pid} is running`);
  const numCPUs = Number(process.argv[2] || 2);
  for (let i = 0; i < numCPUs; i++) {
    console.log(`Forking process number ${i + 1}...`);
    cluster.fork();
  }
  // a message from any worker
  cluster.on('message', (worker, message) => {
    console.log(`${worker.id}: ${message}`);
  });
  let listening = 0;
  cluster.on('listening', (worker, address) => {
    console.log(`cluster - listening - ${address.address}:${address.port}`);
    listening += 1;
    if (listening < numCPUs) return;
    http.get({ host: '127.0.0.1', port: address.port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => {
        console.log(`client received ${body}`);
        cluster.disconnect();
      });
    });
  });
} else if (cluster.isWorker) {
  require('./worker.js');
}
