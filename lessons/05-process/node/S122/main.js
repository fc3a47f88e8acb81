// S122 | process.exit: whatever is still open is dropped
// api: process.exit setTimeout fs.writeFile
'use strict';
const { spawnSync } = require('child_process');
const ways = {
  'exit at once': () => { setTimeout(() => console.log('timer'), 10); process.exit(0); },
  'end by itself': () => { setTimeout(() => console.log('timer'), 10); },
  'timer not counted': () => { setTimeout(() => console.log('timer'), 10000).unref(); },
};
if (process.argv[2]) {
  ways[process.argv[2]]();
} else {
  for (const name of Object.keys(ways)) {
    const r = spawnSync(process.execPath, [__filename, name], { encoding: 'utf8' });
    console.log(`${name}: printed ${r.stdout.trim() || 'nothing'}, code ${r.status}`);
  }
}
