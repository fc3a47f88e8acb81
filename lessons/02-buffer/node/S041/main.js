// S041 | Buffer: small buffers share one 8 KB block
// api: Buffer.poolSize Buffer.allocUnsafe buf.buffer buf.byteOffset
'use strict';
console.log(`pool size: ${Buffer.poolSize}`);

// Take small pieces until a fresh block begins.
let first;
do { first = Buffer.allocUnsafe(2048); } while (first.byteOffset !== 0);

const second = Buffer.allocUnsafe(2048);
const third = Buffer.allocUnsafe(2048);
const fourth = Buffer.allocUnsafe(2048);
const fifth = Buffer.allocUnsafe(2048);
// (All five before the first line of output, because printing takes from the pool too.)
for (const [name, b] of [['first', first], ['second', second], ['third', third], ['fourth', fourth]]) {
  console.log(`${name}: offset ${b.byteOffset} of a block of ${b.buffer.byteLength}, ` +
    `same block as the first ${b.buffer === first.buffer}`);
}

// The block was full after four pieces: the fifth opened a new one.
console.log(`fifth: offset ${fifth.byteOffset}, same block as the first ${fifth.buffer === first.buffer}`);

// A large one gets its own memory, and so does every zeroed one.
const large = Buffer.allocUnsafe(8 * 1024 + 1);
console.log(`large: block of ${large.buffer.byteLength}`);
const half = Buffer.allocUnsafe(4096);
console.log(`half the pool size: block of ${half.buffer.byteLength}`);
const zeroed = Buffer.alloc(2048);
console.log(`alloc(2048): block of ${zeroed.buffer.byteLength}`);
console.log(`from("abc"): in a shared block ${Buffer.from('abc').buffer.byteLength === 8192}`);
