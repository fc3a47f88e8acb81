// S078 | messenger: broadcast, sendToApp, sendToAgent, sendRandom, sendTo, on, once
// api: child_process.fork ChildProcess.send process.send EventEmitter
// covers: S078 S080
'use strict';
const { fork } = require('child_process');
const path = require('path');
const boot = path.join(__dirname, 'boot.js');

// Three processes: one agent, two apps.
const names = ['agent', 'app 1', 'app 2'];
const procs = names.map((name) => fork(boot, [name.split(' ')[0]]));
const [agent, ...apps] = procs;

let heard = [];
let wake = null;
let pongs = 0;
let sendDone = null;

procs.forEach((p, i) => {
  p.on('message', (m) => {
    if (m.ready) { if (++pongs === 3) run(); return; }
    if (m.heard) { heard.push(`${names[i]}${m.heard === 'once' ? ' (once)' : ''}`); return; }
    if (m.pong) { pongs += 1; if (pongs === 3) wake(); return; }
    if (m.facts) { sendDone(m.facts); return; }
    if (m.done) { sendDone(); return; }
    relay(m, p);
  });
});

// The master forwards; it alone knows everybody.
function relay(m) {
  const targets = {
    all: procs,
    app: apps,
    agent: [agent],
    random: [apps[Math.floor(Math.random() * apps.length)]],
    pid: procs.filter((p) => p.pid === m.pid),
  }[m.to];
  for (const t of targets) t.send({ action: m.action, data: m.data });
}

// Let one process make one call, then wait until every process has handled what was sent to it.
async function call(who, method, args) {
  heard = [];
  await new Promise((resolve) => { sendDone = resolve; who.send({ control: 'call', method, args }); });
  pongs = 0;
  await new Promise((resolve) => { wake = resolve; for (const p of procs) p.send({ control: 'ping' }); });
  return heard.sort();
}

async function run() {
  const say = async (who, method, args) => {
    const list = await call(procs[names.indexOf(who)], method, args);
    console.log(`${who} ${method}: heard by ${list.join(', ')}`);
  };
  await say('app 1', 'broadcast', ['news', 1]);
  await say('agent', 'broadcast', ['news', 1]);
  await say('app 1', 'sendToApp', ['news', 1]);
  await say('agent', 'sendToApp', ['news', 1]);
  await say('app 2', 'sendToAgent', ['news', 1]);
  await say('agent', 'sendToAgent', ['news', 1]);
  await say('app 1', 'sendTo', [apps[1].pid, 'news', 1]);
  const lucky = await call(agent, 'sendRandom', ['news', 1]);
  console.log(`agent sendRandom: heard by one app ${lucky.length === 1 && lucky[0].startsWith('app')}`);

  const has = await new Promise((resolve) => { sendDone = resolve; apps[0].send({ control: 'facts' }); });
  console.log(`an app has sendRandom: ${has}`);

  await say('app 1', 'sendTo', [apps[0].pid, 'single', 1]);
  await say('app 1', 'sendTo', [apps[0].pid, 'single', 1]);
  for (const p of procs) p.disconnect();
}
