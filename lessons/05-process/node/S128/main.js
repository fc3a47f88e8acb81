// S128 | process: signals as events
// api: process.on(SIGTERM) process.on(SIGINT) process.on(SIGUSR2) process.kill child_process.fork event:exit
'use strict';
const { fork } = require('child_process');

if (process.argv[2] === 'catcher') {
  for (const s of ['SIGTERM', 'SIGINT', 'SIGUSR2', 'SIGHUP']) {
    process.on(s, (name) => process.send(`caught ${name}`));
  }
  process.on('message', () => {}); // a signal listener alone does not keep a process alive
  process.send('ready');
} else if (process.argv[2] === 'plain') {
  process.send('ready');
  process.on('message', () => {});
} else {
  const catcher = fork(__filename, ['catcher']);
  const todo = ['SIGTERM', 'SIGINT', 'SIGUSR2', 'SIGHUP', 'SIGKILL'];
  const next = () => { const s = todo.shift(); catcher.kill(s); };
  catcher.on('message', (m) => { if (m !== 'ready') console.log(`catcher: ${m}`); next(); });
  catcher.on('exit', (code, signal) => {
    console.log(`catcher ended by ${signal}, which cannot be caught`);

    const plain = fork(__filename, ['plain']);
    plain.on('message', () => plain.kill('SIGTERM'));
    plain.on('exit', (c, s) => console.log(`a process without listeners ended by ${s}, code ${c === null ? 'none' : c}`));
  });
}
