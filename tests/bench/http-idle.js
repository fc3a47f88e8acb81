'use strict';
const child_process = require('child_process');
const count = 10000;

const server = require('http').createServer({ keepAliveTimeout: 0 }, (req, res) => { res.end('hello'); });
server.listen(0, '127.0.0.1', () => {
  const before = process.memoryUsage.rss();
  const client = child_process.spawn(process.env.MOONFORK,
    [__dirname + '/lib/http-client.lua', 'idle', String(server.address().port), String(count)],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdout.on('data', () => {
    console.log('bytes ' + Math.floor((process.memoryUsage.rss() - before) / count));
    client.stdin.end();
  });
  client.on('exit', () => process.exit(0));
});
