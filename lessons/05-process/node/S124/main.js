// S124 | process: beforeExit and exit
// api: process.on(beforeExit) process.on(exit) process.exit
'use strict';
const { spawnSync } = require('child_process');

if (process.argv[2] === 'exit') {
  process.on('beforeExit', () => console.log('never printed'));
  process.on('exit', (code) => console.log(`exit only, code ${code}`));
  process.exit(2);
}
if (!process.argv[2]) {
  let rounds = 0;
  process.on('beforeExit', (code) => {
    rounds += 1;
    console.log(`beforeExit, round ${rounds}, code ${code}`);
    if (rounds < 3) setTimeout(() => console.log(`work of round ${rounds}`), 5);
    else {
      const r = spawnSync(process.execPath, [__filename, 'exit'], { encoding: 'utf8' });
      process.stdout.write(r.stdout);
    }
  });
  process.on('exit', (code) => console.log(`exit, code ${code}`));
  console.log('main code ends');
}
