// S091 | IPC: the channel is a file descriptor whose number is in NODE_CHANNEL_FD
// api: child_process.spawn stdio:ipc NODE_CHANNEL_FD child_process.fork process.channel
'use strict';
const { spawn, fork } = require('child_process');

if (process.argv[2] === 'child') {
  process.send({
    variable: process.env.NODE_CHANNEL_FD === undefined,
    hasChannel: process.channel !== undefined,
  });
  process.disconnect();
} else {
  // A shell: it reads the number, and writes one line of JSON to that descriptor.
  const script = 'echo "descriptor $NODE_CHANNEL_FD"; echo \'{"hello":"from a shell"}\' >&$NODE_CHANNEL_FD; ' +
    'read line <&$NODE_CHANNEL_FD; echo "shell received $line"';
  const sh = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let out = '';
  sh.stdout.on('data', (d) => { out += d; });
  sh.on('message', (m) => {
    console.log(`message from the shell: hello = ${m.hello}`);
    sh.send({ answer: 42 });
  });
  sh.on('close', (code) => {
    process.stdout.write(out);
    console.log(`shell closed with ${code}`);

    const child = fork(__filename, ['child']);
    child.on('message', (m) => {
      console.log(`forked child: has a channel ${m.hasChannel}`);
      console.log(`forked child: the variable has been used up and is gone ${m.variable}`);
    });
  });
}
