// S005 | cluster: several processes, one port
// api: cluster.isPrimary cluster.fork Worker.kill http.createServer event:listening event:exit
// covers: S005 S065 S162
'use strict';
const cluster = require('cluster');
const http = require('http');

const WORKERS = Number(process.argv[2] || 2);

if (cluster.isPrimary) {
  console.log(`primary pid ${process.pid} is running`);
  for (let i = 0; i < WORKERS; i++) cluster.fork();

  let ready = 0;
  cluster.on('listening', (worker, address) => {
    ready += 1;
    if (ready === WORKERS) ask(address.port, 0);
  });

  let gone = 0;
  cluster.on('exit', () => {
    gone += 1;
    if (gone === WORKERS) console.log(`all ${gone} workers have exited`);
  });
} else {
  // The workers share one listening port.
  http.createServer((req, res) => {
    res.writeHead(200);
    res.end('你好世界\n');
  }).listen(Number(process.env.PORT || 0), '127.0.0.1');
  console.log(`worker pid ${process.pid} started`);
}

function ask(port, n) {
  if (n === 4) {
    for (const id in cluster.workers) cluster.workers[id].kill();
    return;
  }
  http.get({ host: '127.0.0.1', port, agent: false }, (res) => {
    let body = '';
    res.setEncoding('utf8');
    res.on('data', (c) => { body += c; });
    res.on('end', () => {
      console.log(`request ${n + 1}: ${res.statusCode} ${body.trim()}`);
      ask(port, n + 1);
    });
  });
}
