// S006 | cluster: one worker crashes, the others go on, the primary starts a new one
// api: cluster.fork Worker.send event:exit event:listening http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const listening = () => new Promise((resolve) => {
    cluster.once('listening', (worker, address) => resolve({ worker, address }));
  });

  (async () => {
    const first = cluster.fork();
    const { address } = await listening();
    const second = cluster.fork();
    await listening();
    console.log(`workers ${first.id} and ${second.id} listen`);

    const exited = new Promise((resolve) => first.once('exit', (code, signal) => resolve({ code, signal })));
    const disconnected = new Promise((resolve) => first.once('disconnect', resolve));
    first.send('crash');
    const { code, signal } = await exited;
    await disconnected;
    console.log(`worker 1 exited, code ${code} signal ${signal || 'none'}`);

    for (let i = 0; i < 2; i++) console.log(`answered by worker ${await get(address.port)}`);

    const third = cluster.fork();
    await listening();
    console.log(`worker ${third.id} replaces it`);
    const seen = {};
    for (let i = 0; i < 4; i++) {
      const id = await get(address.port);
      seen[id] = (seen[id] || 0) + 1;
    }
    for (const id of Object.keys(seen).sort()) console.log(`worker ${id} answered ${seen[id]}`);

    for (const id in cluster.workers) cluster.workers[id].kill();
  })();
} else {
  process.on('message', (msg) => {
    if (msg === 'crash') throw new Error('worker crashed on purpose');
  });
  http.createServer((req, res) => res.end(String(cluster.worker.id)))
    .listen(Number(process.env.PORT || 0), '127.0.0.1');
}

function get(port) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    }).on('error', reject);
  });
}
