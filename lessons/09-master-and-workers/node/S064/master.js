// S064 | master and workers: a limit to the number of restarts
// api: child_process.fork event:exit
'use strict';
// exit: 1
const { fork } = require('child_process');
const path = require('path');
const LIMIT = 3;
const DURING = 60000;

const restarts = [];
function isTooFrequently() {
  const now = Date.now();
  while (restarts.length > 0 && now - restarts[0] > DURING) restarts.shift();
  if (restarts.length >= LIMIT) return true;
  restarts.push(now);
  return false;
}

function createWorker(n) {
  const worker = fork(path.join(__dirname, 'worker.js'));
  console.log(`worker ${n} created`);
  worker.on('exit', (code) => {
    console.log(`worker ${n} exited, code ${code}`);
    if (isTooFrequently()) {
      console.log(`giving up: ${restarts.length} restarts within the window`);
      process.exitCode = 1;
      return;
    }
    createWorker(n + 1);
  });
}
createWorker(1);
