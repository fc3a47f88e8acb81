// S088 | port: the master hands its listening socket to the workers
// api: child_process.fork ChildProcess.send(message,server) net.Server.close process.on(message,handle)
'use strict';
const { fork } = require('child_process');
const http = require('http');
const path = require('path');
const COUNT = Number(process.argv[2] || 2);
const server = require('net').createServer();
process.title = 'node-master';

server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  const { port } = server.address();
  const workers = [];
  let ready = 0;
  for (let i = 0; i < COUNT; i++) {
    const worker = fork(path.join(__dirname, 'worker.js'));
    worker.send('server', server);
    worker.on('message', () => { ready += 1; if (ready === COUNT) ask(port, workers); });
    workers.push(worker);
    if (i + 1 === COUNT) {
      // from now on only the workers accept connections
      console.log('server close');
      server.close();
    }
  }
});

async function ask(port, workers) {
  const pids = workers.map((w) => w.pid);
  let byWorker = 0;
  let byMaster = 0;
  for (let i = 0; i < 6; i++) {
    const body = await get(port);
    const pid = Number(body.match(/pid: (\d+)/)[1]);
    if (pids.includes(pid)) byWorker += 1;
    if (pid === process.pid) byMaster += 1;
    if (i === 0) console.log(body);
  }
  console.log(`answered by workers ${byWorker}, by the master ${byMaster}`);
  for (const w of workers) w.send('stop');
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
