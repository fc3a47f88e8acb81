'use strict';
const load = require('./lib/http-load.js');
const server = require('http').createServer((req, res) => { res.end('hello world'); });
server.listen(0, '127.0.0.1', () => {
  load.run(server.address().port, (rate) => {
    console.log('rps ' + rate);
    process.exit(0);
  });
});
