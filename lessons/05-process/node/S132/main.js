// S132 | child_process: the synchronous three, and what they cost
// api: child_process.spawnSync child_process.execSync child_process.execFileSync setInterval
'use strict';
const { spawnSync, execSync, execFileSync, spawn } = require('child_process');

const r = spawnSync('sh', ['-c', 'cat; echo err >&2; exit 3'], { input: 'hello', encoding: 'utf8' });
console.log(`spawnSync: status ${r.status}, stdout ${r.stdout}, stderr ${r.stderr.trim()}`);
console.log(`execSync: ${execSync('echo $((2+3))', { encoding: 'utf8' }).trim()}`);
console.log(`execFileSync: ${execFileSync('echo', ['$((2+3))'], { encoding: 'utf8' }).trim()}`);
try {
  execSync('exit 4', { stdio: 'ignore' });
} catch (e) {
  console.log(`execSync throws when the code is not 0: status ${e.status}`);
}

let ticks = 0;
const timer = setInterval(() => { ticks += 1; }, 5);
spawnSync('sleep', ['0.1']);
console.log(`ticks during a synchronous child: ${ticks}`);
spawn('sleep', ['0.1']).on('close', () => {
  clearInterval(timer);
  console.log(`ticks during an asynchronous child, several: ${ticks >= 3}`);
});
