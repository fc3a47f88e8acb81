// S107 | process manager: start, list, restart after a crash, stop, delete, log
// api: child_process.fork silent event:exit ChildProcess.kill
// covers: S107 S145
'use strict';
const { fork } = require('child_process');
const path = require('path');

const apps = new Map();

function start(name, file) {
  const app = apps.get(name) || { id: apps.size, name, file, restarts: 0, log: [] };
  app.status = 'online';
  app.child = fork(path.join(__dirname, app.file || file), { silent: true });
  app.child.stdout.on('data', (d) => app.log.push(...String(d).trim().split('\n')));
  app.child.on('close', () => {
    if (app.status === 'online') { // nobody asked for it: start it again
      app.restarts += 1;
      start(name);
    }
    if (app.closed) app.closed();
  });
  apps.set(name, app);
  return new Promise((resolve) => { app.child.on('message', () => resolve()); if (app.up) app.child.on('message', app.up); });
}
function stop(name) {
  const app = apps.get(name);
  app.status = 'stopped';
  return new Promise((resolve) => { app.closed = () => { app.closed = null; resolve(); }; app.child.kill(); });
}
async function restart(name) {
  const app = apps.get(name);
  if (app.status === 'online') await stop(name);
  app.restarts += 1;
  return start(name);
}
async function remove(name) {
  if (apps.get(name).status === 'online') await stop(name);
  apps.delete(name);
}
function list(when) {
  const rows = [...apps.values()].map((a) => `${a.id} ${a.name} ${a.status} restarts ${a.restarts}`);
  console.log(`${when}: ${rows.length === 0 ? 'empty' : rows.join(' | ')}`);
}

(async () => {
  await start('web', 'app.js');
  await start('job', 'app.js');
  list('list after start');

  const web = apps.get('web');
  const before = web.child.pid;
  const back = new Promise((resolve) => { web.up = resolve; });
  process.kill(web.child.pid, 'SIGKILL');
  await back;
  web.up = null;
  list('list after kill -9');
  console.log(`another process: ${web.child.pid !== before}`);

  await stop('job');
  list('list after stop');
  await restart('job');
  list('list after restart');
  console.log(`log of web: ${web.log.join(' / ')}`);
  await remove('web');
  list('list after delete web');
  await remove('job');
  list('list after delete job');
})();
