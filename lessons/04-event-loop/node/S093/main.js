// S093 | one thread: a timer waits until the code on the stack is done
// api: setTimeout process.hrtime.bigint
'use strict';
const start = process.hrtime.bigint();
const ms = () => Number(process.hrtime.bigint() - start) / 1e6;

setTimeout(() => {
  const late = ms();
  console.log('timer of 10 ms fires');
  console.log(`it came after the busy time of 80: ${late >= 80}`);
}, 10);

console.log('busy loop begins');
while (ms() < 80) { /* nobody else can run */ }
console.log('busy loop ends');
