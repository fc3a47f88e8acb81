'use strict';
const bench = require('./lib/rate');
const b = bench.noise(64);

console.log(`alloc_rate ${1e3 / bench.ns((n) => { for (let i = 0; i < n; i++) Buffer.allocUnsafe(64); })}`);
let sum = 0;
console.log(`read_rate ${1e3 / bench.ns((n) => { for (let i = 0; i < n; i++) sum += b.readUInt32LE(8); })}`);
