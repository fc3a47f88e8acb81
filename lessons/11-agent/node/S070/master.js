// S070 | master, agent, worker: the start order
// api: child_process.fork ChildProcess.send process.send event:message
'use strict';
const { fork } = require('child_process');
const path = require('path');
const COUNT = 2;

const log = (line) => console.log(line);
const all = [];

log('master: fork agent');
const agent = fork(path.join(__dirname, 'agent.js'));
all.push(agent);
agent.on('message', (m) => {
  if (m === 'agent ready') {
    log('master: agent ready');
    startWorkers();
  }
  if (m === 'got egg-ready') acknowledged();
});

let ready = 0;
function startWorkers() {
  for (let i = 1; i <= COUNT; i++) {
    log(`master: fork worker ${i}`);
    const worker = fork(path.join(__dirname, 'app.js'));
    all.push(worker);
    worker.on('message', (m) => {
      if (m === 'worker ready') {
        ready += 1;
        log(`master: worker ready (${ready} of ${COUNT})`);
        if (ready === COUNT) {
          log('master: egg-ready to everybody');
          for (const p of all) p.send('egg-ready');
        }
      }
      if (m === 'got egg-ready') acknowledged();
    });
  }
}

let acks = 0;
function acknowledged() {
  acks += 1;
  if (acks < all.length) return;
  log(`master: ${acks} processes know it`);
  for (const p of all) p.disconnect();
}
