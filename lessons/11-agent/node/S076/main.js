// S076 | IPC: the agent tells all workers, through the master
// api: child_process.fork ChildProcess.send process.send event:message
'use strict';
const { fork } = require('child_process');
const role = process.argv[2];

if (!role) {
  const agent = fork(__filename, ['agent']);
  const workers = [1, 2, 3].map((id) => {
    const w = fork(__filename, ['worker']);
    w.on('message', (m) => got(id, m));
    return w;
  });

  agent.on('message', (m) => {
    console.log(`master relays "${m.text}" from the agent to ${workers.length} workers`);
    for (const w of workers) w.send(m);
  });
  agent.send('start');

  const lines = [];
  const got = (id, m) => {
    lines.push(`worker ${id} received "${m.text}"`);
    if (lines.length < workers.length) return;
    for (const line of lines.sort()) console.log(line);
    for (const p of [agent, ...workers]) p.disconnect();
  };
} else {
  process.on('message', (m) => {
    if (role === 'agent') process.send({ text: 'the list has changed' });
    else process.send(m);
  });
}
