// S057 | spawn with a working folder
// api: child_process.spawn cwd child.stdout.pipe child.pid
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's057-'));
fs.writeFileSync(path.join(dir, 'x.txt'), '');
fs.mkdirSync(path.join(dir, 'y'));

const child = spawn('ls', ['-1'], { cwd: dir });
child.stdout.pipe(process.stdout);
console.log(`parent pid ${process.pid} child pid ${child.pid}`);
console.log(`they differ: ${process.pid !== child.pid}`);

child.on('close', () => {
  const lost = spawn('ls', ['-1'], { cwd: path.join(dir, 'no-such-folder') });
  lost.on('error', (e) => {
    console.log(`missing folder: ${e.code}, has a pid ${lost.pid !== undefined}`);
    fs.rmSync(dir, { recursive: true });
  });
});
