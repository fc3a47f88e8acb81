// S133 | ChildProcess: what is known before and after its end
// api: ChildProcess.pid spawnfile spawnargs connected exitCode signalCode killed stdio stdin stdout stderr
'use strict';
const { spawn, spawnSync, fork } = require('child_process');
const show = (v) => (v === null || v === undefined ? 'none' : v);

if (process.argv[2] === 'child') {
  process.on('message', () => process.exit(9));
} else {
  const a = spawn('sleep', ['10']);
  console.log(`spawnfile ${a.spawnfile}, spawnargs ${a.spawnargs.join(' ')}, pid is a number ${Number.isInteger(a.pid)}`);
  console.log(`streams: ${a.stdio.length}, stdin is the first ${a.stdio[0] === a.stdin}, stdout the second ${a.stdio[1] === a.stdout}`);
  console.log(`running: exitCode ${show(a.exitCode)}, signalCode ${show(a.signalCode)}, killed ${a.killed}`);
  console.log(`kill accepted ${a.kill('SIGINT')}, killed ${a.killed}, exitCode ${show(a.exitCode)}`);
  a.on('exit', () => {
    console.log(`ended: exitCode ${show(a.exitCode)}, signalCode ${a.signalCode}`);

    const b = fork(__filename, ['child']);
    console.log(`forked: connected ${b.connected}, has stdout ${show(b.stdout) !== 'none'}`);
    b.send('go');
    b.on('close', () => {
      console.log(`ended: exitCode ${b.exitCode}, signalCode ${show(b.signalCode)}, killed ${b.killed}, connected ${b.connected}`);
      console.log(`spawnSync gives a plain result: has send ${typeof spawnSync('true').send === 'function'}`);
    });
  });
}
