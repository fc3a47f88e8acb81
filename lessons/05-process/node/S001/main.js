// S001 | exec: run a shell command line and collect its whole output
// api: child_process.exec fs.mkdtempSync
'use strict';
const { exec } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's001-'));
fs.writeFileSync(path.join(dir, 'a.txt'), 'aaa');
fs.writeFileSync(path.join(dir, 'b.txt'), 'bbbbbb');

exec('ls -1', { cwd: dir }, (error, stdout, stderr) => {
  if (error) { console.log(`exec error: ${error.code}`); return; }
  if (stderr) { console.log(`stderr: ${stderr}`); return; }
  console.log('stdout:');
  process.stdout.write(stdout);

  // It is a shell: pipes and arithmetic work.
  exec('echo $((6 * 7)) | tr 4 x', (error2, stdout2) => {
    console.log(`through a shell: ${stdout2.trim()}`);

    // A failing command: error is set, error.code is the exit code, stderr says why.
    exec('ls ./no-such-file', { cwd: dir }, (error3, stdout3, stderr3) => {
      console.log(`failing command: error set ${error3 !== null}, code is not 0 ${error3.code !== 0}`);
      console.log(`stdout empty ${stdout3 === ''}, stderr not empty ${stderr3 !== ''}`);
      fs.rmSync(dir, { recursive: true });
    });
  });
});
