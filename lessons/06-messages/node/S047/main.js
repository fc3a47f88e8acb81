// S047 | process: a forked process has its own variables
// api: child_process.fork process.send event:message event:exit
'use strict';
const { fork } = require('child_process');
let count = 0;

if (process.argv[2] === 'child') {
  for (let i = 0; i < 5; i++) count += 1;
  process.send(count);
  process.disconnect();
} else {
  const child = fork(__filename, ['child']);
  child.on('message', (theirs) => {
    console.log(`count in the child: ${theirs}`);
    console.log(`count in the parent: ${count}`);
    count = theirs;
    console.log(`after taking it over from the message: ${count}`);
  });
  child.on('exit', (code) => console.log(`child exit code ${code}`));
}
