// S174 | cluster: replace all workers without losing a request
// api: process.on(SIGHUP) cluster.fork(env) event:listening Worker.disconnect http
'use strict';
const cluster = require('cluster');
const http = require('http');

if (cluster.isPrimary) {
  const workers = new Set();
  let version = 1;
  const start = () => new Promise((resolve) => {
    const worker = cluster.fork({ VERSION: version });
    worker.once('listening', (address) => { workers.add(worker); resolve(address.port); });
  });

  async function reload() {
    version += 1;
    for (const old of [...workers]) {
      await start(); // the new one first
      const gone = new Promise((resolve) => old.once('exit', resolve));
      old.disconnect(); // then the old one finishes and goes
      workers.delete(old);
      await gone;
      console.log(`one worker replaced, ${workers.size} serve`);
    }
  }

  (async () => {
    const port = await start();
    await start();
    console.log(`before: ${await get(port)}`);

    const client = { asked: 0, failed: 0, versions: new Set(), stop: false };
    const asking = (async () => {
      while (!client.stop) {
        client.asked += 1;
        await get(port).then((body) => client.versions.add(body), () => { client.failed += 1; });
      }
    })();

    await new Promise((resolve) => {
      process.on('SIGHUP', () => reload().then(resolve));
      process.kill(process.pid, 'SIGHUP');
    });
    client.stop = true;
    await asking;
    console.log(`requests during the reload, many ${client.asked > 10}, failed ${client.failed}`);
    console.log(`versions seen: ${[...client.versions].sort().join(', ')}`);
    console.log(`after: ${await get(port)}`);
    for (const w of workers) w.kill();
  })();
} else {
  http.createServer((req, res) => res.end(`version ${process.env.VERSION}`))
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
