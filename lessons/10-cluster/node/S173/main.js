// S173 | cluster: graceful shutdown, the running request is finished
// api: process.on(SIGTERM) Worker.send server.close process.exit Worker.isDead Worker.kill http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const workers = new Set();
  for (let i = 0; i < 2; i++) workers.add(cluster.fork());

  function gracefulShutdown() {
    console.log('primary: SIGTERM, shutting down');
    workers.forEach((worker) => {
      worker.send('shutdown');
      // some time to finish, then force
      const timer = setTimeout(() => { if (!worker.isDead()) worker.kill(); }, 1000);
      worker.on('exit', () => clearTimeout(timer));
    });
  }
  process.on('SIGTERM', gracefulShutdown);

  let exits = 0;
  cluster.on('exit', (worker, code, signal) => {
    exits += 1;
    if (code !== 0) console.log(`worker ended with code ${code} signal ${signal}`);
    if (exits === 2) allGone();
  });

  let port;
  let listening = 0;
  cluster.on('listening', (w, address) => {
    port = address.port;
    listening += 1;
    if (listening < 2) return;
    get('/slow').then((body) => { console.log(`slow request: ${body}`); finished = true; allGone(); });
  });
  // the slow request has arrived in a worker: now the signal
  cluster.on('message', (w, m) => { if (m === 'slow begins') process.kill(process.pid, 'SIGTERM'); });

  let finished = false;
  const allGone = async () => {
    if (exits < 2 || !finished) return;
    console.log('both workers exited with code 0');
    console.log(`new request: ${await get('/').catch((e) => e.code)}`);
  };
  function get(path) {
    return new Promise((resolve, reject) => {
      http.get({ host: '127.0.0.1', port, path, agent: false }, (res) => {
        let body = '';
        res.on('data', (c) => { body += c; });
        res.on('end', () => resolve(body));
      }).on('error', reject);
    });
  }
} else {
  const server = http.createServer((req, res) => {
    if (req.url === '/slow') {
      process.send('slow begins');
      setTimeout(() => res.end('complete answer'), 150);
    } else {
      res.end('hello world\n');
    }
  });
  process.on('message', (msg) => {
    if (msg === 'shutdown') {
      server.close(() => process.exit(0));
    }
  });
  server.listen(Number(process.env.PORT || 0), '127.0.0.1');
}
