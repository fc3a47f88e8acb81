// S136 | fork: parent and child speak first at the same time
// api: child_process.fork ChildProcess.send process.send process.disconnect
// ordered: false
'use strict';
const childProcess = require('child_process').fork(require('path').join(__dirname, 'childProcess.js'));

childProcess.send({ name: 'parent' });
childProcess.on('message', (childMsg) => {
  console.log('childMsg: name =', childMsg.name);
});
