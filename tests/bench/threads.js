'use strict';
const { Worker, MessageChannel, receiveMessageOnPort } = require('worker_threads');
const now = () => Number(process.hrtime.bigint()) / 1e9;
const start = (task) => new Worker('./threads-worker.js', { workerData: task });
const event = (worker, name) => new Promise((resolve) => worker.once(name, resolve));
async function stop(worker) {
  const over = event(worker, 'exit');
  worker.postMessage('end');
  await over;
}

function rounds(w, n) {
  const t = now();
  let left = n;
  return new Promise((resolve) => {
    function echo(m) {
      left--;
      if (left > 0) { w.postMessage(m); return; }
      w.removeListener('message', echo);
      resolve(n / (now() - t));
    }
    w.on('message', echo);
    w.postMessage({ i: 1, name: 'round' });
  });
}

async function stream(n) {
  const w = start('sink');
  await event(w, 'online');
  const t = now();
  for (let i = 1; i <= n; i++) w.postMessage({ i, name: 'message', done: false });
  w.postMessage('end');
  await event(w, 'message');
  const rate = n / (now() - t);
  await event(w, 'exit');
  return rate;
}

function move(size) {
  const channel = new MessageChannel();
  const turns = 200;
  let block = new ArrayBuffer(size);
  const t = now();
  for (let i = 0; i < turns; i++) {
    channel.port1.postMessage(block, [block]);
    block = receiveMessageOnPort(channel.port2).message;
  }
  const each = (now() - t) / turns * 1e6;
  channel.port1.close();
  return each;
}

(async () => {
  // first message
  const times = [];
  for (let i = 0; i < 7; i++) {
    const t = now();
    const w = start('first');
    await event(w, 'message');
    times.push(now() - t);
    await stop(w);
  }
  times.sort((a, b) => a - b);
  console.log('first_ms', times[3] * 1000);

  // round trips
  let w = start('echo');
  await rounds(w, 1000);
  console.log('rounds', await rounds(w, 30000));

  await stop(w);

  // blocks that are moved
  console.log('moved_us', move(64 << 20));
  console.log('moved_small_us', move(1 << 20));

  // streams
  await stream(1000);
  console.log('stream', await stream(100000));
  for (const count of [8, 64]) {
    const others = [];
    for (let i = 0; i < count; i++) {
      others.push(start('echo'));
      await event(others[i], 'online');
    }
    console.log(`among_${count}`, await stream(100000));
    for (const other of others) await stop(other);
  }

  // copies
  w = start('sink');
  await event(w, 'online');
  const bytes = Buffer.alloc(1 << 20, 7);
  const t = now();
  for (let i = 0; i < 300; i++) w.postMessage(bytes);
  w.postMessage('end');
  await event(w, 'message');
  console.log('copied', 300 / (now() - t));
  await event(w, 'exit');
})();
