// S040 | Buffer: its memory lies outside the script's heap
// api: process.memoryUsage Buffer.alloc
'use strict';
const MB = 1024 * 1024;
const before = process.memoryUsage();
const keep = Buffer.alloc(32 * MB, 1);
const after = process.memoryUsage();

console.log(`outside the heap: grew by at least 32 MB ${after.arrayBuffers - before.arrayBuffers >= 32 * MB}`);
console.log(`heap: grew by less than 8 MB ${after.heapUsed - before.heapUsed < 8 * MB}`);
console.log(`the process as a whole grew ${after.rss - before.rss >= 16 * MB}`);
console.log(`still held: ${keep.length / MB} MB`);
