// S087 | port: the second process to listen on it fails
// api: child_process.fork http.createServer event:error EADDRINUSE
'use strict';
const { fork } = require('child_process');
const path = require('path');
const COUNT = 3;

const workers = [];
function start(i, port) {
  const worker = fork(path.join(__dirname, 'worker.js'), [String(port)]);
  workers.push(worker);
  worker.on('message', (m) => {
    console.log(`worker ${i}: ${m.error || `listens on port ${m.port}`}`);
    if (i < COUNT) { start(i + 1, m.port || port); return; }
    for (const w of workers) w.disconnect();
  });
}
start(1, Number(process.env.PORT || 0));
