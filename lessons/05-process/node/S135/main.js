// S135 | ChildProcess: the order of its events
// api: event:spawn event:message event:disconnect event:exit event:close event:error child_process.fork
'use strict';
const { fork, spawn } = require('child_process');
const path = require('path');

if (process.argv[2] === 'child') {
  process.send('hello');
  process.on('message', () => process.exit(0));
} else {
  const child = fork(__filename, ['child'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const seen = [];
  for (const name of ['spawn', 'message', 'disconnect', 'exit', 'close', 'error']) {
    child.on(name, () => seen.push(name));
  }
  child.on('message', () => child.send('end'));
  child.on('close', () => {
    console.log(`first: ${seen[0]}, then ${seen[1]}, last: ${seen[seen.length - 1]}`);
    console.log(`between them, in this order or the other: ${seen.slice(2, -1).sort().join(' ')}`);

    const missing = spawn(path.join(__dirname, 'no-such-program'));
    const order = [];
    for (const name of ['spawn', 'exit', 'error']) missing.on(name, () => order.push(name));
    missing.on('error', (e) => setImmediate(() => {
      console.log(`missing program: ${order.join(' ')}, ${e.code} from ${e.syscall.split(' ')[0]}`);
    }));
  });
}
