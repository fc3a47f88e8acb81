'use strict';
const EventEmitter = require('events');
let n = 3000000;
let sum = 0;
function f(i) { sum += i; }

function timed(fn) {
  fn(100000);
  const began = process.hrtime.bigint();
  fn(n);
  return Number(process.hrtime.bigint() - began) / n;
}

const e = new EventEmitter();
e.on('x', f);
const call = timed((count) => { for (let i = 1; i <= count; i++) f(i); });
const emit = timed((count) => { for (let i = 1; i <= count; i++) e.emit('x', i); });
console.log(`call_ns ${call}`);
console.log(`emit_ns ${emit}`);
console.log(`emit_rate ${call / emit}`);
const ten = new EventEmitter();
for (let i = 0; i < 10; i++) ten.on('x', f);
n /= 5;
const emitTen = timed((count) => { for (let i = 1; i <= count; i++) ten.emit('x', i); });
console.log(`ten ${emitTen / (10 * call)}`);
