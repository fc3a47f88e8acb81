// S061 | fork: the long computation moves to a child, the server stays free
// api: child_process.fork ChildProcess.send event:message event:close ChildProcess.kill http.createServer
'use strict';
const http = require('http');
const path = require('path');
const { fork } = require('child_process');
const SIZE = process.argv[2] || '100000000';

let children = 0;
const server = http.createServer((req, res) => {
  if (req.url === '/compute') {
    children += 1;
    const compute = fork(path.join(__dirname, 'compute.js'), [SIZE]);
    compute.send('data for the child');

    // called when the child uses process.send()
    compute.on('message', (msg) => {
      if (msg === 'begun') { quick(); return; }
      res.end(`Sum is ${msg}`);
      compute.kill();
    });

    compute.on('close', (code, signal) => {
      console.log(`close event: signal ${signal}, exit code ${code === null ? 'none' : code}`);
      children -= 1;
      if (children === 0) server.close();
    });
  } else {
    res.end('ok');
  }
});

server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => {
  console.log(`server started at http://127.0.0.1:${server.address().port}`);
  get('/compute', (body) => console.log(`/compute answered: ${body}`));
});

// asked while the child is computing
function quick() {
  get('/', (body) => console.log(`/ answered: ${body}`));
}

function get(url, cb) {
  http.get({ host: '127.0.0.1', port: server.address().port, path: url, agent: false }, (res) => {
    let body = '';
    res.on('data', (c) => { body += c; });
    res.on('end', () => cb(body));
  });
}
