// S007 | cluster: different duties for different workers
// api: cluster.fork(env) process.env Worker.send process.send http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const web = cluster.fork({ ROLE: 'web' });
  const job = cluster.fork({ ROLE: 'job' });
  console.log(`two different processes: ${web.process.pid !== job.process.pid}`);

  job.on('message', (msg) => {
    console.log(`job worker: sum of 1..${msg.n} is ${msg.sum}`);
    job.disconnect();
  });
  web.on('listening', (address) => {
    http.get({ host: '127.0.0.1', port: address.port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => {
        console.log(`web worker: ${body}`);
        web.kill();
        job.send({ n: 1000000 });
      });
    });
  });
} else if (process.env.ROLE === 'web') {
  http.createServer((req, res) => res.end(`hello from the ${process.env.ROLE} role`))
    .listen(Number(process.env.PORT || 0), '127.0.0.1');
} else {
  process.on('message', ({ n }) => {
    let sum = 0;
    for (let i = 1; i <= n; i++) sum += i;
    process.send({ n, sum });
  });
}
