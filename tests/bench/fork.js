'use strict';
const { fork } = require('child_process');
const path = require('path');
const times = [];

function once() {
  const began = process.hrtime.bigint();
  const child = fork(path.join(__dirname, 'fork-child.js'));
  child.on('message', () => {
    times.push(Number(process.hrtime.bigint() - began) / 1e6);
    child.disconnect();
  });
  child.on('exit', () => {
    if (times.length < 10) return once();
    times.sort((a, b) => a - b);
    console.log(`message_ms ${(times[4] + times[5]) / 2}`);
  });
}

once();
