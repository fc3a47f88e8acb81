// S161 | one thread: a timer of 0 ms comes after the running code
// api: setTimeout
'use strict';
console.log('1');
setTimeout(() => console.log('2'), 0);
console.log('3');
