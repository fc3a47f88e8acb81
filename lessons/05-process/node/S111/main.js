// S111 | process: command-line arguments
// api: process.argv process.execPath child_process.spawn
'use strict';
const { spawnSync } = require('child_process');

if (process.argv[2] === 'show') {
  console.log(`argv has ${process.argv.length} entries`);
  console.log(`argv[0] is execPath: ${process.argv[0] === process.execPath}`);
  console.log(`argv[1] is this file: ${process.argv[1] === __filename}`);
  process.argv.slice(3).forEach((a, i) => console.log(`argument ${i + 1}: [${a}]`));
} else {
  const r = spawnSync(process.execPath, [__filename, 'show', '--name=x', 'two words', '', '$HOME', '你好'], { encoding: 'utf8' });
  process.stdout.write(r.stdout);
}
