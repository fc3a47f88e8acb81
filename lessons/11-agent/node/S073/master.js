// S073 | messenger: the agent sends to the application workers
// api: child_process.fork process.send event:message EventEmitter
// covers: S073
'use strict';
const { fork } = require('child_process');
const path = require('path');
const boot = path.join(__dirname, 'boot.js');

const agent = fork(boot, ['agent']);
const apps = [];
const everybody = () => [agent, ...apps];
let ready = 0;
const received = [];

agent.on('message', (m) => {
  if (m.ready) for (let i = 1; i <= 2; i++) startApp(i);
  if (m.to === 'app') for (const a of apps) a.send({ action: m.action, data: m.data });
});
function startApp(i) {
  const app = fork(boot, ['app']);
  apps.push(app);
  app.on('message', (m) => {
    if (m.ready) {
      ready += 1;
      if (ready === 2) for (const p of everybody()) p.send({ action: 'egg-ready' });
    }
    if (m.received) {
      received.push(`app ${i} received xxx_action with id ${m.received.id}`);
      if (received.length < 2) return;
      for (const line of received.sort()) console.log(line);
      for (const p of everybody()) p.disconnect();
    }
  });
}
