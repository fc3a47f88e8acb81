// S086 | orphan: the parent ends, the child stays and gets another parent
// api: child_process.fork ChildProcess.send(server) process.exit process.ppid http
'use strict';
const { spawn } = require('child_process');
const http = require('http');
const path = require('path');

const master = spawn(process.execPath, [path.join(__dirname, 'master.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
let out = '';
master.stdout.on('data', (d) => {
  out += d;
  const m = out.match(/port (\d+)/);
  if (m && !started) { started = true; watch(Number(m[1])); }
});
let started = false;
let masterGone = false;
master.on('exit', (code) => { masterGone = true; console.log(`master has ended with code ${code}`); });

async function watch(port) {
  while (!masterGone) await new Promise((resolve) => setTimeout(resolve, 10));
  const first = out.split('\n')[0];
  console.log(first);
  const [, workerPid, masterPid] = first.match(/pid: (\d+) ppid: (\d+)/).map(Number);

  const answer = await get(port, '/');
  console.log(`the worker still answers: ${answer}`);
  const [, pid, ppid] = answer.match(/pid: (\d+), ppid: (\d+)/).map(Number);
  console.log(`it is the same process: ${pid === workerPid}`);
  console.log(`its parent has changed: ${ppid !== masterPid}`);
  console.log(await get(port, '/quit'));
}

function get(port, url) {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: url, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    }).on('error', reject);
  });
}
