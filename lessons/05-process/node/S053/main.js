// S053 | process: uncaughtException and exit
// api: process.on(uncaughtException) process.on(exit) process.exitCode
'use strict';
process.on('uncaughtException', (err, origin) => {
  console.log(`caught: ${err.message} (${origin})`);
});
process.on('exit', (code) => {
  console.log(`exit with code ${code}`);
  setTimeout(() => console.log('never printed: nothing asynchronous runs any more'), 0);
});

setTimeout(() => { throw new Error('first'); }, 5);
setTimeout(() => console.log('the process goes on after the first'), 15);
setTimeout(() => { throw new TypeError('second'); }, 25);
setTimeout(() => console.log('and after the second'), 35);
