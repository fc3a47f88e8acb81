// S125 | child_process: a pipe holds only so much, then the writer waits
// api: child_process.spawn child.stdout.on(readable) child.stdout.resume event:exit stdio:ignore
'use strict';
const { spawn } = require('child_process');
const writer = (stdio) => spawn('sh', ['-c', 'head -c 1000000 /dev/zero; echo done >&2'], { stdio });

const child = writer(['ignore', 'pipe', 'pipe']);
let finished = false;
child.stdout.pause(); // we do not read
child.stderr.on('data', () => { finished = true; });

setTimeout(() => {
  console.log(`after 300 ms without reading, the writer is done: ${finished}`);
  let bytes = 0;
  child.stdout.on('data', (d) => { bytes += d.length; });
  child.stdout.resume();
  child.on('close', (code) => {
    console.log(`after reading: ${bytes} bytes, done ${finished}, code ${code}`);

    // not interested in the output at all: give it no pipe
    const free = writer(['ignore', 'ignore', 'ignore']);
    free.on('exit', (code2) => console.log(`without a pipe it never waits: code ${code2}`));
  });
}, 300);
