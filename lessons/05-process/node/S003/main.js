// S003 | spawn: output arrives as a stream, piece by piece
// api: child_process.spawn ChildProcess.stdout ChildProcess.stderr event:close
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's003-'));
fs.writeFileSync(path.join(dir, 'one.txt'), '1');
fs.writeFileSync(path.join(dir, 'two.txt'), '2');

const ls = spawn('ls', ['-1', dir]);

ls.stdout.on('data', (data) => {
  console.log(`stdout: ${String(data).trim().split('\n').join(' ')}`);
});
ls.stderr.on('data', (data) => {
  console.log(`stderr: ${data}`);
});
ls.on('close', (code) => {
  console.log(`child closed with code ${code}`);
  big();
});

function big() {
  const seq = spawn('seq', ['1', '60000']);
  let chunks = 0;
  let bytes = 0;
  seq.stdout.on('data', (data) => { chunks += 1; bytes += data.length; });
  seq.on('close', (code) => {
    console.log(`large output: ${bytes} bytes, more than one chunk ${chunks > 1}, code ${code}`);
    missing();
  });
}

function missing() {
  const bad = spawn('ls', [path.join(dir, 'no-such-file')]);
  let err = '';
  bad.stderr.on('data', (data) => { err += data; });
  bad.on('close', (code) => {
    console.log(`missing file: code is not 0 ${code !== 0}, something on stderr ${err.length > 0}`);
    fs.rmSync(dir, { recursive: true });
  });
}
