// S032 | stream: a large file flows in pieces
// api: fs.createReadStream highWaterMark event:data event:end crypto.createHash
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const crypto = require('crypto');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's032-'));
const file = path.join(dir, 'big.bin');
fs.writeFileSync(file, Buffer.alloc(160000, 'abcdefgh'));

const whole = fs.readFileSync(file);
const md5 = (b) => crypto.createHash('md5').update(b).digest('hex');
console.log(`readFile: 1 piece of ${whole.length} bytes`);

const hash = crypto.createHash('md5');
let total = 0;
fs.createReadStream(file, { highWaterMark: 64 * 1024 })
  .on('data', (chunk) => {
    total += chunk.length;
    hash.update(chunk);
    console.log(`stream: piece of ${chunk.length} bytes`);
  })
  .on('end', () => {
    console.log(`stream: ${total} bytes in all, same content ${hash.digest('hex') === md5(whole)}`);
    fs.rmSync(dir, { recursive: true });
  });
