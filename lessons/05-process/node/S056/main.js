// S056 | child output: pipe it on, share the stream, or listen
// api: child_process.spawn child.stdout.pipe stdio:inherit event:data
// covers: S056
'use strict';
const { spawn } = require('child_process');
const child = (text, options) => spawn('echo', [text], options);

// 1. connect the child's stdout with ours
const first = child('one: through a pipe');
first.stdout.pipe(process.stdout, { end: false });
first.on('close', () => {
  // 2. share ours; the child has no stream object then
  const second = child('two: shared', { stdio: 'inherit' });
  second.on('close', () => {
    console.log(`no stream object when shared: ${second.stdout === null}`);
    // 3. listen
    const third = child('three: by event');
    third.stdout.on('data', (d) => console.log(`received "${String(d).trim()}"`));
    third.on('close', (code) => console.log(`last child closed with ${code}`));
  });
});
