// S120 | process.kill: a signal, or only a question
// api: process.kill child_process.spawn event:exit
'use strict';
const { spawn } = require('child_process');
const child = spawn('sleep', ['10']);

console.log(`signal 0 to a living process: ${process.kill(child.pid, 0)}`);
process.kill(child.pid); // SIGTERM unless told otherwise
child.on('exit', (code, signal) => {
  console.log(`it ended by ${signal}, code ${code === null ? 'none' : code}`);
  try {
    process.kill(child.pid, 0);
  } catch (e) {
    console.log(`signal 0 to a dead one: ${e.code}`);
  }
  try {
    process.kill(process.pid, 'SIGNONSENSE');
  } catch (e) {
    console.log(`unknown signal: ${e.code}`);
  }
});
