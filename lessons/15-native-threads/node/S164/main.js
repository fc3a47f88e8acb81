// S164 | asynchronous file and crypto work goes on beside the main thread
// api: fs.readFile crypto.pbkdf2
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const crypto = require('crypto');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's164-'));
const file = path.join(dir, 'large-file.txt');
fs.writeFileSync(file, 'x'.repeat(1000000));

const done = {};
let ticks = 0;
const timer = setInterval(() => { ticks += 1; }, 2);
const finish = () => {
  if (!done.file || !done.crypto) return;
  clearInterval(timer);
  console.log(`file read: ${done.file} bytes`);
  console.log(`key: ${done.crypto}`);
  console.log(`the main thread ticked meanwhile: ${ticks >= 3}`);
  fs.rmSync(dir, { recursive: true });
};

fs.readFile(file, (err, data) => {
  if (err) throw err;
  done.file = data.length;
  finish();
});

crypto.pbkdf2('密码', '盐值', 50000, 32, 'sha512', (err, key) => {
  if (err) throw err;
  done.crypto = key.toString('hex');
  finish();
});

console.log('the main thread goes on');
