// S117 | process: working folder
// api: process.cwd process.chdir
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 's117-')));
const start = process.cwd();

process.chdir(dir);
console.log(`cwd is the new folder: ${process.cwd() === dir}`);
fs.writeFileSync('relative.txt', 'x');
console.log(`a relative name lands there: ${fs.existsSync(path.join(dir, 'relative.txt'))}`);
try {
  process.chdir('no-such-folder');
} catch (e) {
  console.log(`missing folder: ${e.code}`);
}
process.chdir(start);
console.log(`back again: ${process.cwd() === start}`);
fs.rmSync(dir, { recursive: true });
