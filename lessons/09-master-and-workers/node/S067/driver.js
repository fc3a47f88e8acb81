// S067 | master and workers: the master takes its workers with it
// api: process.once(SIGTERM) process.once(SIGINT) process.kill child_process.fork process.on(exit)
'use strict';
const { fork } = require('child_process');
const path = require('path');

const alive = (pid) => {
  try { process.kill(pid, 0); return true; } catch (e) { return false; }
};

function run(signal, next) {
  const master = fork(path.join(__dirname, 'master.js'));
  let pids = [];
  master.on('message', (msg) => {
    pids = msg;
    console.log(`driver: ${pids.length} workers, all alive ${pids.every(alive)}`);
    console.log(`driver: sends ${signal}`);
    process.kill(master.pid, signal);
  });
  master.on('exit', (code) => {
    console.log(`driver: master exit code ${code}`);
    console.log(`driver: workers alive ${pids.filter(alive).length}`);
    next();
  });
}
run('SIGINT', () => run('SIGTERM', () => console.log('driver: done')));
