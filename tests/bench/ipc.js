'use strict';
const { fork } = require('child_process');
const path = require('path');
const childFile = path.join(__dirname, 'ipc-child.js');

function child(task, serialization) {
  return fork(childFile, [task], { serialization });
}

function echo(n, message, serialization, done) {
  const c = child('echo', serialization);
  let left = n + Math.floor(n / 10) + 1;
  let began;
  c.on('message', () => {
    left--;
    if (left === n) began = process.hrtime.bigint();
    if (left > 0) return c.send(message);
    const took = Number(process.hrtime.bigint() - began);
    c.disconnect();
    done(n * 1e9 / took);
  });
  c.send(message);
}

function fromChild(n, done) {
  const c = child('stream');
  let seen = 0;
  let began;
  c.on('message', () => {
    seen++;
    if (seen === 1) began = process.hrtime.bigint();
    if (seen < n) return;
    const took = Number(process.hrtime.bigint() - began);
    c.disconnect();
    done(n * 1e9 / took);
  });
  c.send(n);
}

function toChild(n, serialization, done) {
  const c = child('sink', serialization);
  let began;
  c.on('message', (m) => {
    if (m === 1) {
      began = process.hrtime.bigint();
      for (let i = 1; i <= n; i++) c.send({ i, name: 'message', done: false });
      return c.send('end');
    }
    const took = Number(process.hrtime.bigint() - began);
    c.disconnect();
    done(n * 1e9 / took);
  });
  c.send('end');
}

const large = '0123456789abcdef'.repeat(65536);
const small = { i: 1, name: 'message', done: false };
const steps = [
  ['trips', (done) => echo(10000, small, 'json', done)],
  ['trips_advanced', (done) => echo(10000, small, 'advanced', done)],
  ['from_child', (done) => fromChild(100000, done)],
  ['to_child', (done) => toChild(100000, 'json', done)],
  ['to_child_advanced', (done) => toChild(100000, 'advanced', done)],
  ['large', (done) => echo(60, large, 'json', done)],
  ['large_advanced', (done) => echo(60, large, 'advanced', done)],
];

function run(i) {
  if (!steps[i]) return;
  steps[i][1]((rate) => {
    console.log(`${steps[i][0]} ${rate.toFixed(1)}`);
    run(i + 1);
  });
}

run(0);
