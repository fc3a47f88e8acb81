// S089 | spawn: a child's output goes nowhere until somebody takes it
// api: child_process.spawn child.stdout.pipe child.stdout.resume event:close
// covers: S089 S090
'use strict';
const { spawn } = require('child_process');
const path = require('path');
const worker = path.join(__dirname, 'worker.js');

// Sample 1: the child has streams of its own, so its line does not appear.
const silent = spawn(process.execPath, [worker]);
silent.stdout.resume(); // thrown away; 'close' needs the stream to end
console.log(`master pid ${process.pid} child pid ${silent.pid}`);
silent.on('close', (code) => {
  console.log(`first child closed with ${code}, its line was not shown`);

  // Sample 2: connect the child's stdout with ours.
  const child = spawn(process.execPath, [worker]);
  child.stdout.pipe(process.stdout);
  console.log(`master pid ${process.pid} child pid ${child.pid}`);
  child.on('close', (code2) => console.log(`second child closed with ${code2}`));
});
