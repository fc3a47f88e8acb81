// S063 | master and workers: a broken worker reports, is replaced, and only then ends
// api: child_process.fork ChildProcess.send(server) process.on(uncaughtException) net.Server.close event:message event:exit
// covers: S062 S063
'use strict';
const { fork } = require('child_process');
const http = require('http');
const net = require('net');
const path = require('path');
const COUNT = Number(process.argv[2] || 2);

process.title = 'node-master';
const workers = {};
const events = [];

// pauseOnConnect: the master reads nothing from a connection it is going to hand on
const server = net.createServer({ pauseOnConnect: true });
server.on('connection', (socket) => {
  const pid = Object.keys(workers)[0];
  workers[pid].send('socket', socket);
});

function createWorker() {
  const worker = fork(path.join(__dirname, 'worker.js'));
  worker.on('message', function (message) {
    if (message === 'ready') { tell('ready'); return; }
    // a suicide notice: no new connections for this one, and a replacement at once
    if (message.act === 'suicide') {
      console.log('suicide notice received');
      delete workers[worker.pid];
      createWorker();
    }
  });
  worker.on('exit', function (code, signal) {
    console.log('worker process exited, code: %s signal: %s', code === null ? 'none' : code, signal || 'none');
    delete workers[worker.pid];
    tell('exit');
  });
  worker.send('server', server);
  workers[worker.pid] = worker;
  console.log('worker process created, pid: %s ppid: %s', worker.pid, process.pid);
}

server.listen(Number(process.env.PORT || 0), '127.0.0.1', async () => {
  for (let i = 0; i < COUNT; i++) createWorker();
  await happened('ready', COUNT);

  for (let n = 1; n <= 2; n++) {
    const body = await get();
    await happened('ready', 1); // the replacement
    await happened('exit', 1); // the broken one
    console.log(`request ${n} was answered: ${body}`);
    console.log(`workers now: ${Object.keys(workers).length}`);
  }

  server.close();
  for (const pid in workers) workers[pid].kill('SIGINT');
});

// ---- the client and the waiting, not part of the original idea
function tell(name) { events.push(name); check(); }
let waiting = null;
function happened(name, times) {
  return new Promise((resolve) => { waiting = { name, times, resolve }; check(); });
}
function check() {
  if (!waiting) return;
  while (waiting.times > 0) {
    const i = events.indexOf(waiting.name);
    if (i < 0) return;
    events.splice(i, 1);
    waiting.times -= 1;
  }
  const { resolve } = waiting;
  waiting = null;
  resolve();
}
function get() {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port: server.address().port, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    });
  });
}
