// S141 | cluster: setupPrimary and settings
// api: cluster.setupPrimary cluster.settings silent args exec
'use strict';
const cluster = require('cluster');
const path = require('path');

cluster.once('setup', (settings) => console.log(`setup: ${path.basename(settings.exec)}, silent ${settings.silent}`));
cluster.setupPrimary({ exec: path.join(__dirname, 'worker.js'), args: ['--use', 'https'], silent: true });
console.log(`settings.args: ${cluster.settings.args.join(' ')}`);

const one = cluster.fork({ COLOR: 'red' });
let out = '';
one.process.stdout.on('data', (d) => { out += d; });
one.process.on('close', () => {
  console.log(`taken from the silent worker: ${out.trim()}`);

  cluster.setupPrimary({ args: ['--use', 'http'] });
  console.log(`settings keep the file: ${path.basename(cluster.settings.exec)}`);
  const two = cluster.fork({ COLOR: 'blue' });
  let out2 = '';
  two.process.stdout.on('data', (d) => { out2 += d; });
  two.process.on('close', () => console.log(`taken from the next worker: ${out2.trim()}`));
});
