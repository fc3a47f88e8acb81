// S069 | agent: work that only one process may do
// api: cluster.fork(env) Worker.send fs.renameSync fs.existsSync
'use strict';
const cluster = require('cluster');
const fs = require('fs');
const os = require('os');
const path = require('path');
const DATE = '2020-04-26';

if (cluster.isPrimary) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's069-'));
  const log = path.join(dir, 'app.log');
  const archive = `${log}.${DATE}`;
  const lines = (f) => (fs.existsSync(f) ? fs.readFileSync(f, 'utf8').split('\n').length - 1 : 'none');
  const fresh = () => {
    fs.rmSync(archive, { force: true });
    fs.writeFileSync(log, 'a line of today\n'.repeat(100));
  };
  const report = (who) => console.log(`${who}: archive ${lines(archive)} lines, new log ${lines(log)} lines`);
  const ask = (worker) => new Promise((resolve) => {
    worker.once('message', resolve);
    worker.send({ rotate: log });
  });

  (async () => {
    const workers = [];
    for (let i = 0; i < 3; i++) workers.push(cluster.fork({ ROLE: 'app' }));
    const agent = cluster.fork({ ROLE: 'agent' });

    fresh();
    for (const w of workers) {
      await ask(w);
      report(`worker ${w.id} has rotated`);
    }
    fresh();
    await ask(agent);
    report('only the agent has rotated');

    for (const id in cluster.workers) cluster.workers[id].disconnect();
    fs.rmSync(dir, { recursive: true });
  })();
} else {
  process.on('message', ({ rotate }) => {
    // rename today's file, begin a new one
    fs.renameSync(rotate, `${rotate}.${DATE}`);
    fs.writeFileSync(rotate, '');
    process.send('done');
  });
}
