'use strict';
const bench = require('./lib/rate');
const size = 65536;
const b = bench.noise(size);
const text = b.toString('hex');

console.log(`out ${bench.rate(size, (n) => {
  for (let i = 0; i < n; i++) b.toString('hex');
})}`);
console.log(`into ${bench.rate(size, (n) => {
  for (let i = 0; i < n; i++) Buffer.from(text, 'hex');
})}`);
