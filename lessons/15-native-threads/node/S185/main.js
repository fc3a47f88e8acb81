// S185 | choosing: for waiting, asynchronous I/O is enough
// api: fs.promises.readFile Promise.all
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's185-'));
fs.writeFileSync(path.join(dir, 'file1.txt'), 'content 1');
fs.writeFileSync(path.join(dir, 'file2.txt'), 'content 2');

async function handleIO() {
  const order = [];
  const file1 = fs.promises.readFile(path.join(dir, 'file1.txt'), 'utf8').then((t) => { order.push('read'); return t; });
  const file2 = fs.promises.readFile(path.join(dir, 'file2.txt'), 'utf8').then((t) => { order.push('read'); return t; });
  order.push('both requested');
  const [content1, content2] = await Promise.all([file1, file2]);
  console.log(order.join(', '));
  console.log(content1, content2);
  await Promise.all([file1, fs.promises.readFile(path.join(dir, 'missing.txt'))])
    .catch((e) => console.log(`one failure fails all: ${e.code}`));
}
handleIO().then(() => fs.rmSync(dir, { recursive: true }));
