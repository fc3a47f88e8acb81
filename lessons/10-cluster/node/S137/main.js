// S137 | cluster: as long as one worker lives the service lives; with the last one it is gone
// api: cluster.fork Worker.kill event:exit event:disconnect http ECONNREFUSED
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const up = () => new Promise((resolve) => cluster.once('listening', (w, address) => resolve(address.port)));
  const down = (w) => new Promise((resolve) => {
    let n = 0;
    const one = () => { n += 1; if (n === 2) resolve(); };
    w.once('exit', one);
    w.once('disconnect', one);
    w.process.kill('SIGKILL');
  });
  (async () => {
    const first = cluster.fork();
    const port = await up();
    const second = cluster.fork();
    await up();
    console.log(`two workers: ${await get(port)}`);
    await down(first);
    console.log(`one worker: ${await get(port)}`);
    await down(second);
    console.log(`no worker: ${await get(port)}`);
    console.log(`workers in the list: ${Object.keys(cluster.workers).length}; nobody starts new ones by itself`);
  })();
} else {
  http.createServer((req, res) => res.end('answered')).listen(Number(process.env.PORT || 0), '127.0.0.1');
}

function get(port) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    }).on('error', (e) => resolve(e.code));
  });
}
