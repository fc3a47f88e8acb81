// S169 | cluster: a command from the primary, an answer from the worker
// api: cluster.fork Worker.send event:message process.send
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const worker = cluster.fork();
  worker.send({ type: 'command', data: 'hello' });
  worker.on('message', (msg) => {
    console.log(`primary received: ${msg.type} ${msg.data}`);
    worker.disconnect();
  });
} else {
  process.on('message', (msg) => {
    console.log(`worker received: ${msg.type} ${msg.data}`);
    process.send({ type: 'response', data: 'received' });
  });
}
