// S079 | messenger: what is sent before everybody is ready gets lost
// api: child_process.fork process.send event:message
'use strict';
const { fork } = require('child_process');
const role = process.argv[2];

if (!role) {
  const agent = fork(__filename, ['agent']);
  const apps = [];
  const received = { early: 0, late: 0 };
  let ready = 0;
  let reports = 0;

  agent.on('message', (m) => {
    if (m.to === 'app') {
      console.log(`master relays "${m.action}" to ${apps.length} apps`);
      for (const a of apps) a.send({ action: m.action });
      if (m.action === 'late') for (const a of apps) a.send('report');
    }
    if (m.ready) {
      for (let i = 0; i < 2; i++) {
        const app = fork(__filename, ['app']);
        apps.push(app);
        app.on('message', (am) => {
          if (am.ready && ++ready === 2) for (const p of [agent, ...apps]) p.send({ action: 'egg-ready' });
          if (am.report) {
            for (const action of am.report) if (action in received) received[action] += 1;
            if (++reports < 2) return;
            console.log(`early reached ${received.early} apps, late reached ${received.late} apps`);
            for (const p of [agent, ...apps]) p.disconnect();
          }
        });
      }
    }
  });
} else if (role === 'agent') {
  process.send({ to: 'app', action: 'early' });
  process.send({ ready: true });
  process.on('message', (m) => {
    if (m.action === 'egg-ready') process.send({ to: 'app', action: 'late' });
  });
} else {
  const actions = [];
  process.on('message', (m) => {
    if (m === 'report') process.send({ report: actions });
    else actions.push(m.action);
  });
  process.send({ ready: true });
}
