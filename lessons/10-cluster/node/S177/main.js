// S177 | cluster: was it a signal, an error, or a normal end
// api: cluster.on(exit) cluster.fork(env) process.exit process.kill
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const plan = ['code 0', 'code 1', 'code 12', 'signal'];
  const next = () => { const how = plan.shift(); if (how) cluster.fork({ HOW: how }); else console.log('done'); };
  let replacements = 0;
  cluster.on('exit', (worker, code, signal) => {
    if (signal) {
      console.log(`worker was ended by signal ${signal}`);
    } else if (code !== 0) {
      console.log(`worker failed, exit code ${code}`);
      replacements += 1; // here the original forks a new one
      console.log(`replacements so far: ${replacements}`);
    } else {
      console.log('worker ended normally');
    }
    next();
  });
  next();
} else if (process.env.HOW === 'signal') {
  process.kill(process.pid, 'SIGKILL');
} else {
  process.exit(Number(process.env.HOW.split(' ')[1]));
}
