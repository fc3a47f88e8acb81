// S060 | fork: a new process that runs a file
// api: child_process.fork process.argv process.connected event:exit
// covers: S060
'use strict';
const { fork } = require('child_process');
const path = require('path');

const worker = fork(path.join(__dirname, 'worker.js'), ['first', 'second']);
console.log(`a process of its own: ${worker.pid !== process.pid}`);
console.log(`connected: ${worker.connected}`);
worker.on('message', (m) => console.log(`worker reports ${m}`));
worker.on('exit', (code, signal) => console.log(`worker exit code ${code} signal ${signal || 'none'}`));
