// S104 | guarding: an error ends the whole application, a guard starts it again
// api: child_process.fork event:exit
'use strict';
const { fork } = require('child_process');
const path = require('path');
const MAX = 5;

function start(n) {
  const app = fork(path.join(__dirname, 'app.js'), [String(n)], { silent: true });
  app.stdout.on('data', (d) => process.stdout.write(`  app: ${d}`));
  app.on('close', (code) => {
    console.log(`guard: start ${n} ended with code ${code}`);
    if (code === 0) { console.log('guard: finished normally, no restart'); return; }
    if (n === MAX) { console.log('guard: giving up'); return; }
    start(n + 1);
  });
}
start(1);
