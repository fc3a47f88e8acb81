// S138 | cluster: who really listens, the primary or the workers
// api: cluster.schedulingPolicy SCHED_RR SCHED_NONE server.listen /proc/net/tcp /proc/PID/fd
'use strict';
const cluster = require('cluster');
const fs = require('fs');
const http = require('http');
const { spawnSync } = require('child_process');

if (!process.argv[2] && !cluster.isWorker) {
  for (const policy of ['rr', 'none']) {
    process.stdout.write(spawnSync(process.execPath, [__filename, policy], { encoding: 'utf8' }).stdout);
  }
} else if (cluster.isPrimary) {
  cluster.schedulingPolicy = process.argv[2] === 'rr' ? cluster.SCHED_RR : cluster.SCHED_NONE;
  const workers = [cluster.fork(), cluster.fork()];
  let ready = 0;
  cluster.on('listening', (w, address) => {
    ready += 1;
    if (ready < 2) return;
    const inode = listeningInode(address.port);
    console.log(`${process.argv[2]}: primary holds the listening socket ${holds(process.pid, inode)}`);
    workers.forEach((x, i) => console.log(`${process.argv[2]}: worker ${i + 1} holds it ${holds(x.process.pid, inode)}`));
    for (const x of workers) x.kill();
  });
} else {
  http.createServer((req, res) => res.end()).listen(0, '127.0.0.1');
}

function listeningInode(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of fs.readFileSync('/proc/net/tcp', 'utf8').split('\n')) {
    const f = line.trim().split(/\s+/);
    if (f[3] === '0A' && f[1] && f[1].endsWith(`:${hex}`)) return f[9];
  }
  return null;
}
function holds(pid, inode) {
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
    try {
      if (fs.readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`) return true;
    } catch (e) { /* closed meanwhile */ }
  }
  return false;
}
