// S112 | process: exitCode and exit()
// api: process.exitCode process.exit process.on(exit)
'use strict';
const { spawnSync } = require('child_process');
const ways = {
  nothing: () => {},
  exitCode: () => { process.exitCode = 3; setTimeout(() => console.log('later work is still done'), 5); },
  exit: () => { setTimeout(() => console.log('never printed'), 5); process.exit(4); },
  both: () => { process.exitCode = 5; process.exit(); },
  handler: () => { process.on('exit', (code) => { console.log(`exit event, code ${code}`); process.exitCode = 6; }); },
};

if (process.argv[2]) {
  ways[process.argv[2]]();
} else {
  for (const name of Object.keys(ways)) {
    const r = spawnSync(process.execPath, [__filename, name], { encoding: 'utf8' });
    console.log(`${name}: code ${r.status}${r.stdout ? `, printed "${r.stdout.trim()}"` : ''}`);
  }
}
