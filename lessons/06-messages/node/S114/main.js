// S114 | process: channel, connected, disconnect
// api: process.channel process.connected process.send process.disconnect event:disconnect
// covers: S114
'use strict';
const { fork, spawnSync } = require('child_process');

if (process.argv[2] === 'child') {
  process.on('disconnect', () => {
    process.stdout.write(`child: disconnect event, connected ${process.connected}\n`);
    try { process.send('too late'); } catch (e) { process.stdout.write('child: send threw\n'); }
  });
  process.on('error', (e) => process.stdout.write(`child: error ${e.code}\n`));
  process.on('message', () => {
    process.stdout.write(`child: connected ${process.connected}\n`);
    process.disconnect();
  });
} else if (process.argv[2] === 'plain') {
  console.log(`plain child: has send ${process.send !== undefined}, has a channel ${process.channel !== undefined}`);
} else {
  const child = fork(__filename, ['child']);
  console.log(`parent: connected ${child.connected}`);
  let told = 'parent: no disconnect event';
  child.on('disconnect', () => { told = `parent: disconnect event, connected ${child.connected}`; });
  child.on('close', (code) => {
    console.log(told);
    console.log(`child closed with ${code}`);
    child.once('error', (e) => console.log(`send afterwards: ${e.code}`));
    child.send('hello?');
    process.stdout.write(spawnSync(process.execPath, [__filename, 'plain'], { encoding: 'utf8' }).stdout);
  });
  child.send('go');
}
