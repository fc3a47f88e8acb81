// S105 | fork: take one result, kill the child, see it close
// api: child_process.fork ChildProcess.send ChildProcess.kill ChildProcess.killed event:close
'use strict';
const path = require('path');
const fork = require('child_process').fork;
const compute = fork(path.join(__dirname, 'file.js'));

compute.send('data');
compute.on('message', (param) => {
  // the variables around are still there: this is the parent
  console.log(`parent received ${param}, child pid ${compute.pid}`);
  console.log(`kill sent: ${compute.kill()}, killed: ${compute.killed}`);
});
compute.on('close', (code, signal) => {
  console.log(`closed: code ${code === null ? 'none' : code}, signal ${signal}`);
  console.log(`kill again: ${compute.kill()}`);
});
