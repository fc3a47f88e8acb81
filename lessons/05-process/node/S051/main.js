// S051 | process: environment, numbers, folder, platform, age
// api: process.env process.pid process.ppid process.cwd process.platform process.uptime child_process.fork
// covers: S051 S106
'use strict';
const { fork } = require('child_process');
const os = require('os');

if (process.argv[2] === 'child') {
  process.send({
    env: process.env.NODE_ENV,
    ppid: process.ppid,
    pid: process.pid,
    cwd: process.cwd(),
  });
  process.disconnect();
} else {
  console.log(`my own pid ${process.pid}, my parent's pid ${process.ppid}`);
  console.log(`platform is the one os reports: ${process.platform === os.platform()}`);
  const t1 = process.uptime();
  setTimeout(() => {
    const t2 = process.uptime();
    console.log(`uptime grows: ${t2 > t1}, in seconds: ${t2 - t1 < 5}`);
  }, 20);

  const dir = os.tmpdir();
  const child = fork(__filename, ['child'], { cwd: dir, env: { ...process.env, NODE_ENV: 'production' } });
  child.on('message', (m) => {
    console.log(`child's NODE_ENV: ${m.env}`);
    console.log(`my NODE_ENV is untouched: ${process.env.NODE_ENV !== 'production'}`);
    console.log(`child's ppid is my pid: ${m.ppid === process.pid}`);
    console.log(`child's pid is child.pid: ${m.pid === child.pid}`);
    console.log(`child's folder is its own: ${m.cwd !== process.cwd()}`);
  });
}
