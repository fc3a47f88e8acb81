'use strict';
const cluster = require('cluster');
const http = require('http');
const load = require('./lib/http-load.js');

if (cluster.isPrimary) {
  let up = 0;
  cluster.on('listening', (_, address) => {
    if (++up < 2) return;
    load.run(address.port, rate => {
      console.log('requests_s ' + rate);
      cluster.disconnect();
    });
  });
  cluster.fork();
  cluster.fork();
} else {
  http.createServer((_, res) => res.end('hello')).listen(0, '127.0.0.1');
}
