'use strict';
const { Worker } = require('worker_threads');
const event = (worker, name) => new Promise((resolve) => worker.once(name, resolve));
(async () => {
  const count = 30;
  const many = [];
  const before = process.memoryUsage.rss();
  for (let i = 0; i < count; i++) {
    many.push(new Worker('./threads-worker.js', { workerData: 'first' }));
    await event(many[i], 'message');
  }
  console.log('idle_kb', (process.memoryUsage.rss() - before) / count / 1024);
  for (const worker of many) worker.terminate();
})();
