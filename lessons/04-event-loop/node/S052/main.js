// S052 | process.nextTick comes before every other micro task
// api: process.nextTick Promise setImmediate
// covers: S052 S118
'use strict';
setImmediate(() => console.log('6 setImmediate'));
Promise.resolve().then(() => {
  console.log('4 promise');
  process.nextTick(() => console.log('5.5 nextTick from inside a promise, after the waiting promises'));
}).then(() => console.log('5 next promise'));
process.nextTick((a, b) => {
  console.log('2 nextTick with arguments', a, b);
  process.nextTick(() => console.log('3 nextTick from inside nextTick, still before the promise'));
}, 'x', 'y');
console.log('1 synchronous');
