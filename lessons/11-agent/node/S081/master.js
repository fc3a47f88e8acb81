// S081 | IPC in practice: force, pull and push refresh of a cache in every worker
// api: child_process.fork process.send net.createServer http.createServer EventEmitter
// covers: S081 S082 S083 S084
'use strict';
const { fork } = require('child_process');
const path = require('path');
const { startRemote } = require('./remote.js');

startRemote(async (remote) => {
  const env = { ...process.env, HTTP_PORT: remote.httpPort, PUSH_PORT: remote.pushPort };
  const run = (role) => fork(path.join(__dirname, 'boot.js'), [role], { env });
  const agent = run('agent');
  await message(agent, 'ready');
  const apps = [run('app'), run('app')];
  await Promise.all(apps.map((a) => message(a, 'ready')));

  // what the messenger of the framework does: the master forwards to all apps
  for (const p of [agent, ...apps]) {
    p.on('message', (m) => {
      if (m.sendToApp) for (const a of apps) a.send({ action: m.sendToApp, data: m.data });
    });
  }

  const report = async (when) => {
    for (let i = 0; i < apps.length; i++) {
      apps[i].send({ control: 'state' });
      const s = await message(apps[i], 'state');
      console.log(`${when}: worker ${i + 1} has ${s.value}, last update by ${s.by}`);
    }
    console.log(`${when}: remote was read ${remote.fetches}, asked for changes ${remote.checks}`);
  };
  const updated = (n) => Promise.all(apps.slice(0, n).map((a) => message(a, 'updated')));

  // plan 1: type all, every worker reads
  let wait = updated(2);
  for (const a of apps) a.send({ control: 'run', task: 'force_refresh' });
  await wait;
  await report('force');

  // plan 2: type worker, one worker asks, and only if something changed everybody reads
  apps[0].send({ control: 'run', task: 'pull_refresh' });
  await message(apps[0], 'task done');
  await report('pull without a change');

  remote.change('v2');
  wait = updated(2);
  apps[1].send({ control: 'run', task: 'pull_refresh' });
  await wait;
  await report('pull with a change');

  // plan 3: the agent holds one connection on which the remote announces changes
  wait = updated(2);
  remote.change('v3');
  remote.push();
  await wait;
  await report('push');
  console.log(`push connections held by the whole application: ${remote.pushConnections}`);

  for (const p of [agent, ...apps]) p.disconnect();
  remote.close();
});

function message(p, name) {
  return new Promise((resolve) => {
    const listener = (m) => {
      if (m.name !== name) return;
      p.removeListener('message', listener);
      resolve(m.data);
    };
    p.on('message', listener);
  });
}
