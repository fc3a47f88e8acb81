// S108 | shell: find a process with ps, end it with kill -9
// api: child_process.spawn child_process.execSync ps kill event:exit
'use strict';
const { spawn, execSync } = require('child_process');
const MARK = `server-of-${process.pid}`;
const find = () => {
  const out = execSync(`ps -eo pid,args | grep '${MARK}' | grep -v grep || true`, { encoding: 'utf8' });
  return out.trim().split('\n').filter((l) => l && !l.includes('sh -c')).map((l) => Number(l.trim().split(' ')[0]));
};

const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")', MARK]);
server.stdout.once('data', () => {
  const pids = find();
  console.log(`ps and grep found ${pids.length}, it is the child: ${pids[0] === server.pid}`);
  execSync(`kill -9 ${pids[0]}`);
});
server.on('exit', (code, signal) => {
  console.log(`child ended: code ${code === null ? 'none' : code}, signal ${signal}`);
  console.log(`found afterwards: ${find().length}`);
});
