'use strict';
const now = process.hrtime.bigint;

function timed(f, n) {
  const began = now();
  f(n);
  return Number(now() - began);
}

function perCall(f) {
  let n = 16;
  while (timed(f, n) < 20e6) n *= 2;
  n *= 5;
  return timed(f, n) / n;
}

function noise(count) {
  const b = Buffer.alloc(count);
  let x = 1;
  for (let i = 0; i < count; i++) {
    x = Number((BigInt(x) * 1103515245n + 12345n) & 0x7fffffffn);
    b[i] = x >> 16;
  }
  return b;
}

module.exports = { rate: (bytes, f) => bytes / perCall(f), ns: perCall, noise };
