'use strict';
const fs = require('fs');
const dir = fs.mkdtempSync(require('os').tmpdir() + '/bench-');
const path = dir + '/file';
fs.writeFileSync(path, 'a'.repeat(65536));

const rate = (n, began) => n / (Number(process.hrtime.bigint() - began) / 1e9);

function sync(name, n, fn) {
  for (let i = 0; i < n / 10; i++) fn(path);
  const began = process.hrtime.bigint();
  for (let i = 0; i < n; i++) fn(path);
  console.log(`${name} ${rate(n, began)}`);
}

function asyncRate(name, n, fn, done) {
  let left = n;
  const began = process.hrtime.bigint();
  function step() {
    if (--left >= 0) return fn(path, step);
    console.log(`${name} ${rate(n, began)}`);
    done();
  }
  step();
}

sync('read_sync', 8000, fs.readFileSync);
sync('stat_sync', 40000, fs.statSync);
asyncRate('read', 5000, fs.readFile, () => {
  asyncRate('stat', 15000, fs.stat, () => fs.rmSync(dir, { recursive: true }));
});
