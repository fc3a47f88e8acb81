'use strict';
const { Worker } = require('worker_threads');
const code = `
const { parentPort, workerData } = require('worker_threads');
let sum = 0;
for (let i = workerData.from; i < workerData.to; i++) sum = (sum + i * i) % 1000003;
parentPort.postMessage(sum);
`;
function work(parts) {
  const total = 200000000;
  const began = process.hrtime.bigint();
  return Promise.all(Array.from({ length: parts }, (_, p) => new Promise((resolve) => {
    const workerData = { from: total / parts * p, to: total / parts * (p + 1) };
    new Worker(code, { eval: true, workerData }).once('exit', resolve);
  }))).then(() => Number(process.hrtime.bigint() - began));
}
work(1).then((one) => work(2).then((two) => console.log('split', two / one)));
