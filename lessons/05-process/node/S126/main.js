// S126 | promises: unhandledRejection and rejectionHandled
// api: process.on(unhandledRejection) process.on(rejectionHandled) Promise child_process.spawnSync
'use strict';
const { spawnSync } = require('child_process');

if (process.argv[2] === 'child') {
  setTimeout(() => console.log('never printed'), 50);
  Promise.reject(new Error('nobody cares'));
} else {
  process.on('unhandledRejection', (reason) => console.log(`unhandledRejection: ${reason.message}`));
  process.on('rejectionHandled', () => console.log('rejectionHandled: a handler came late'));

  Promise.reject(new Error('handled in time')).catch((e) => console.log(`caught: ${e.message}`));

  const late = Promise.reject(new Error('handled late'));
  setTimeout(() => late.catch((e) => console.log(`caught at last: ${e.message}`)), 10);

  setTimeout(() => {
    const r = spawnSync(process.execPath, [__filename, 'child'], { encoding: 'utf8' });
    console.log(`without listeners: code ${r.status}, printed ${r.stdout || 'nothing'}, ` +
      `message on stderr ${r.stderr.includes('nobody cares')}`);
  }, 30);
}
