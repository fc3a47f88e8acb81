// S075 | cluster: a message to a worker and back
// api: cluster.fork Worker.send event:message process.send Worker.id
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  const worker = cluster.fork();
  worker.send('hi there');
  worker.on('message', (msg) => {
    console.log(`msg: ${msg} from worker ${worker.id}`);
    worker.disconnect();
  });
  worker.on('exit', (code) => console.log(`worker exit code ${code}`));
} else if (cluster.isWorker) {
  process.on('message', (msg) => {
    process.send(msg);
  });
}
