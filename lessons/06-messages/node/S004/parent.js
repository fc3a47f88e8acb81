// S004 | fork: a child with a message channel
// api: child_process.fork ChildProcess.send process.send process.disconnect event:message event:exit
// covers: S004 S095 S160
'use strict';
const { fork } = require('child_process');
const path = require('path');

const child = fork(path.join(__dirname, 'script.js'));

child.on('message', (message) => {
  console.log('message from the child: foo =', message.foo);
});
child.on('exit', (code) => {
  console.log('child exit code', code);
});

child.send({ hello: 'world' });
