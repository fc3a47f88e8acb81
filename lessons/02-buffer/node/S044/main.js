// S044 | stream: copy a file with pipe
// api: fs.createReadStream fs.createWriteStream pipe event:finish
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's044-'));
const input = path.join(dir, 'input.txt');
const output = path.join(dir, 'output.txt');
fs.writeFileSync(input, '第一行\nsecond line\n'.repeat(10000));

const inputStream = fs.createReadStream(input);
const outputStream = fs.createWriteStream(output);

let isBuffer = true;
inputStream.on('data', (chunk) => { isBuffer = isBuffer && Buffer.isBuffer(chunk); });
inputStream.pipe(outputStream);

outputStream.on('finish', () => {
  console.log(`the chunks are Buffers: ${isBuffer}`);
  console.log(`bytes written: ${outputStream.bytesWritten}`);
  console.log(`same content: ${fs.readFileSync(input).equals(fs.readFileSync(output))}`);
  fs.rmSync(dir, { recursive: true });
});
