// S176 | cluster: how many workers; what the machine has
// api: os.cpus os.arch os.platform os.totalmem os.freemem process.env.NODE_ENV
// covers: S176 S179 S180
'use strict';
const os = require('os');
const numCPUs = os.cpus().length;
const count = (env) => (env === 'production' ? numCPUs : Math.min(2, numCPUs));

console.log(`cores: at least one ${numCPUs >= 1}`);
console.log(`each core has a model, a speed and times: ${os.cpus().every((c) =>
  typeof c.model === 'string' && typeof c.speed === 'number' && c.times.user >= 0 && c.times.idle >= 0)}`);
console.log(`production: one worker per core ${count('production') === numCPUs}`);
console.log(`development: at most two ${count('development') <= 2}`);
console.log(`architecture and platform are known: ${os.arch().length > 0 && os.platform() === process.platform}`);
const gb = (n) => n / 1024 / 1024 / 1024;
console.log(`free memory is less than all of it: ${gb(os.freemem()) < gb(os.totalmem()) && gb(os.totalmem()) > 0.1}`);
