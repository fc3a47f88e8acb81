// S129 | exit codes: the ones every program can have
// api: child_process.spawnSync process.exit process.exitCode status signal
'use strict';
const { spawnSync } = require('child_process');
const cases = {
  '0 normal end': () => {},
  '1 uncaught exception': () => { throw new Error('x'); },
  '1 unhandled rejection': () => { Promise.reject(new Error('x')); },
  '7 failure inside the exception handler': () => {
    process.on('uncaughtException', () => { throw new Error('y'); });
    throw new Error('x');
  },
  '42 own choice': () => process.exit(42),
  '300 is cut to one byte': () => process.exit(300),
  'ended by SIGTERM': () => { process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 5000); },
  'ended by SIGKILL': () => { process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 5000); },
};

if (process.argv[2]) {
  cases[process.argv[2]]();
} else {
  for (const name of Object.keys(cases)) {
    const r = spawnSync(process.execPath, [__filename, name]);
    console.log(`${name}: code ${r.status === null ? 'none' : r.status}, signal ${r.signal || 'none'}`);
  }
  const inShell = spawnSync('sh', ['-c', '"$0" "$1" "ended by SIGTERM"; echo $?', process.execPath, __filename], { encoding: 'utf8' });
  console.log(`a shell reports SIGTERM as ${inShell.stdout.trim()}`);
}
