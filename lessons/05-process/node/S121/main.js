// S121 | process.abort: an immediate end
// api: process.abort child_process.spawnSync
'use strict';
const { spawn } = require('child_process');

if (process.argv[2] === 'child') {
  process.on('exit', () => console.log('never printed: abort asks nobody'));
  console.log('before abort');
  process.abort();
} else {
  const child = spawn('sh', ['-c', 'ulimit -c 0; exec "$0" "$1" child', process.execPath, __filename], { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (d) => { out += d; });
  child.on('close', (code, signal) => {
    console.log(`printed: ${out.trim()}`);
    console.log(`signal ${signal}, code ${code === null ? 'none' : code}`);
  });
}
