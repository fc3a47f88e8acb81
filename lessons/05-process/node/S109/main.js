// S109 | process: options of the runtime, kept apart from the arguments, handed on to forked children
// api: process.execArgv process.noDeprecation child_process.fork
// portable: false
'use strict';
const { spawnSync, fork } = require('child_process');

if (process.argv[2] === 'parent') {
  console.log(`execArgv: ${process.execArgv.join(' ')}`);
  console.log(`argv does not have it: ${!process.argv.includes('--no-deprecation')}`);
  console.log(`process.noDeprecation: ${process.noDeprecation}`);
  fork(__filename, ['child']);
} else if (process.argv[2] === 'child') {
  console.log(`child execArgv: ${process.execArgv.join(' ')}`);
} else {
  const r = spawnSync(process.execPath, ['--no-deprecation', __filename, 'parent'], { encoding: 'utf8' });
  process.stdout.write(r.stdout);
}
