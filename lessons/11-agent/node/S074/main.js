// S074 | master, agent, worker: who ends after an uncaught exception
// api: child_process.fork process.on(uncaughtException) event:exit event:message
'use strict';
const { fork } = require('child_process');
const role = process.argv[2];

if (!role) {
  const agent = fork(__filename, ['agent']);
  const state = { agentErrors: 0, workerStarts: 0 };
  let agentExited = false;
  agent.on('exit', () => { agentExited = true; });

  const startWorker = () => {
    state.workerStarts += 1;
    const worker = fork(__filename, ['worker']);
    worker.on('message', () => {});
    worker.on('exit', (code) => {
      console.log(`worker exited, code ${code}`);
      if (state.workerStarts < 2) { console.log('master starts a new worker'); startWorker(); return; }
      finish();
    });
    worker.send('fail');
  };

  const finish = () => {
    console.log(`worker starts: ${state.workerStarts}`);
    console.log(`errors logged by the agent: ${state.agentErrors}`);
    console.log(`agent has exited: ${agentExited}`);
    agent.once('message', (m) => { console.log(`agent answers: ${m}`); agent.disconnect(); });
    agent.send('are you there');
  };

  agent.on('message', (m) => {
    if (m !== 'error logged') return;
    state.agentErrors += 1;
    if (state.agentErrors < 2) agent.send('fail'); else startWorker();
  });
  agent.send('fail');
} else {
  process.on('message', (m) => {
    if (m === 'fail') throw new Error(`${role} failed`);
    process.send('yes');
  });
  process.on('uncaughtException', () => {
    if (role === 'agent') process.send('error logged'); // and stay
    else process.send('suicide', () => process.exit(1));
  });
}
