// S046 | process: a name and a number
// api: process.title process.pid http.createServer ps
'use strict';
const http = require('http');
const { execFileSync } = require('child_process');

const server = http.createServer().listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  process.title = 'demo-node';
  console.log(`process.pid: ${process.pid}`);
  console.log(`process.title: ${process.title}`);
  const line = execFileSync('ps', ['-o', 'args=', '-p', String(process.pid)], { encoding: 'utf8' });
  console.log(`ps shows the title: ${line.startsWith('demo-node')}`);
  server.close(() => console.log('closed'));
});
