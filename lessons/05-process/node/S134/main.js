// S134 | ChildProcess: unref lets the parent go first, ref keeps it
// api: ChildProcess.unref ChildProcess.ref child_process.spawn
'use strict';
const { spawn, spawnSync } = require('child_process');

if (process.argv[2]) {
  const child = spawn('sleep', ['0.6'], { stdio: 'ignore' });
  if (process.argv[2] !== 'waits') child.unref();
  if (process.argv[2] === 'ref again') child.ref();
  child.on('exit', () => console.log('saw the child end'));
  process.on('exit', () => console.log('parent ends'));
} else {
  for (const name of ['waits', 'unref', 'ref again']) {
    const r = spawnSync(process.execPath, [__filename, name], { encoding: 'utf8' });
    console.log(`${name}: ${r.stdout.trim().split('\n').join(', ')}`);
  }
}
