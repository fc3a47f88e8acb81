// S077 | IPC: one worker writes to another one, through the master
// api: cluster.fork Worker.send process.send cluster.workers event:message
// covers: S077 S170
'use strict';
const cluster = require('cluster');

if (cluster.isPrimary) {
  for (let i = 0; i < 3; i++) cluster.fork();
  const online = new Set();
  const reports = {};

  cluster.on('message', (worker, m) => {
    if (m.to) {
      console.log(`master: from worker ${worker.id} to worker ${m.to}`);
      cluster.workers[m.to].send({ from: worker.id, text: m.text });
      // one turn later everybody says what it has received so far
    } else if (m.received !== undefined) {
      reports[worker.id] = m.received;
      if (Object.keys(reports).length < 3) return;
      for (const id of Object.keys(reports).sort()) console.log(`worker ${id} received: ${reports[id] || 'nothing'}`);
      for (const id in cluster.workers) cluster.workers[id].disconnect();
    } else if (m.done) {
      for (const id in cluster.workers) cluster.workers[id].send('report');
    }
  });
  cluster.on('online', (worker) => {
    online.add(worker.id);
    if (online.size === 3) cluster.workers[1].send('write to 3');
  });
} else {
  const inbox = [];
  process.on('message', (m) => {
    if (m === 'write to 3') {
      process.send({ to: 3, text: 'hello neighbour' });
      process.send({ done: true });
    } else if (m === 'report') {
      process.send({ received: inbox.join(', ') });
    } else {
      inbox.push(`"${m.text}" from worker ${m.from}`);
    }
  });
}
