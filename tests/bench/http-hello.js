'use strict';
const load = require('./lib/http-load.js');
let answered = 0;
const server = require('http').createServer((req, res) => {
  answered++;
  res.end('hello world');
});
server.listen(0, '127.0.0.1', () => {
  const before = process.cpuUsage();
  load.run(server.address().port, (rate) => {
    const used = process.cpuUsage(before);
    console.log('rps ' + rate);
    console.log('cpu_us ' + ((used.user + used.system) / answered).toFixed(3));
    process.exit(0);
  });
});
