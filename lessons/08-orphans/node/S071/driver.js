// S071 | daemon: detached, own session, survives its parent
// api: child_process.spawn detached stdio:ignore cwd ChildProcess.unref process.ppid ps
// covers: S068 S071
'use strict';
const { spawnSync, execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's071-'));
const out = spawnSync(process.execPath, [path.join(__dirname, 'master.js'), dir], { encoding: 'utf8' });
process.stdout.write(out.stdout);
console.log(`master has ended with code ${out.status}`);

const [, master, agent] = out.stdout.match(/pid (\d+) .* pid (\d+)/).map(Number);
const ps = (field) => {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(agent)], { encoding: 'utf8' }).trim();
  } catch (e) { return ''; }
};
const running = () => !['', 'Z'].includes(ps('stat').slice(0, 1));

console.log(`daemon is running: ${running()}`);
console.log(`its parent is not the master any more: ${Number(ps('ppid')) !== master}`);
console.log(`it leads a session of its own: ${Number(ps('sid')) === agent}`);
console.log(`it has no terminal: ${ps('tty') === '?'}`);

const lines = () => {
  try { return fs.readFileSync(path.join(dir, 'stdout.log'), 'utf8').trim().split('\n'); } catch (e) { return []; }
};
const timer = setInterval(() => {
  if (lines().length < 3) return;
  clearInterval(timer);
  console.log('it keeps writing to its log');
  console.log(`log: ${lines()[2]}`);
  process.kill(agent, 'SIGTERM');
  const end = setInterval(() => {
    if (running()) return;
    clearInterval(end);
    console.log('stopped with kill');
    fs.rmSync(dir, { recursive: true });
  }, 20);
}, 20);
