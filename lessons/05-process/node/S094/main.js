// S094 | child_process: the four ways side by side
// api: child_process.spawn child_process.exec child_process.execFile child_process.fork
// covers: S094 S131
'use strict';
const { spawn, exec, execFile, fork } = require('child_process');

if (process.argv[2] === 'child') {
  process.send({ text: 'by message' });
  process.disconnect();
} else {
  const steps = [
    (next) => {
      const c = spawn('echo', ['as a stream']);
      c.stdout.on('data', (d) => console.log(`spawn: ${String(d).trim()}`));
      c.on('close', () => { console.log(`spawn has a channel: ${typeof c.send === 'function' && c.connected === true}`); next(); });
    },
    (next) => execFile('echo', ['by callback, no shell'], (e, out) => { console.log(`execFile: ${out.trim()}`); next(); }),
    (next) => exec('echo by callback, && echo through a shell', (e, out) => { console.log(`exec: ${out.trim().split('\n').join(' ')}`); next(); }),
    (next) => {
      const c = fork(__filename, ['child']);
      console.log(`fork has a channel: ${c.connected}`);
      c.on('message', (m) => console.log(`fork: ${m.text}`));
      c.on('close', () => next());
    },
    () => console.log('done'),
  ];
  let i = 0;
  const next = () => steps[i++](next);
  next();
}
