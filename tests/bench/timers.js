'use strict';
const fs = require('fs');
const n = 100000;
function f() {}

function rss() {
  return fs.readFileSync('/proc/self/status', 'utf8').match(/VmRSS:\s*(\d+)/)[1] * 1024;
}

const timers = [];
for (let i = 0; i < n; i++) timers[i] = false;
const before = rss();
const began = process.hrtime.bigint();
for (let i = 0; i < n; i++) timers[i] = setTimeout(f, 100000);
console.log(`create_ms ${Number(process.hrtime.bigint() - began) / 1e6}`);
console.log(`bytes_each ${(rss() - before) / n}`);
for (let i = 0; i < n; i++) clearTimeout(timers[i]);
