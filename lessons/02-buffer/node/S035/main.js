// S035 | Buffer: an array of bytes of fixed length
// api: Buffer Uint8Array Buffer.concat crypto.createHash
'use strict';
const crypto = require('crypto');
const buf = Buffer.from([1, 2, 3]);

console.log(`is a Uint8Array: ${buf instanceof Uint8Array}`);
for (const v of [255, 256, 300, -1, 1.9]) {
  buf[0] = v;
  console.log(`storing ${v} gives ${buf[0]}`);
}
buf[5] = 7;
console.log(`writing past the end: length ${buf.length}, nothing there ${buf[5] === undefined}`);

// Where a Buffer is accepted, a plain Uint8Array is accepted too.
const plain = new Uint8Array([104, 105]);
console.log(`concat: ${Buffer.concat([Buffer.from('oh '), plain]).toString()}`);
console.log(`hash equal: ${crypto.createHash('md5').update(plain).digest('hex') ===
  crypto.createHash('md5').update('hi').digest('hex')}`);
