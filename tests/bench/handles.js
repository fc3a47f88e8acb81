'use strict';
const { fork } = require('child_process');
const net = require('net');
const path = require('path');
const many = 3000;

const c = fork(path.join(__dirname, 'ipc-child.js'), ['handles']);
const server = net.createServer((socket) => {
  let began;
  c.on('message', () => {
    const took = Number(process.hrtime.bigint() - began);
    console.log(`handles ${(many * 1e9 / took).toFixed(1)}`);
    c.disconnect();
    socket.destroy();
    server.close();
  });
  c.send({ n: 0 }, socket, { keepOpen: true }, () => {
    setTimeout(() => {
      began = process.hrtime.bigint();
      for (let i = 1; i <= many; i++) c.send({ n: i }, socket, { keepOpen: true });
      c.send('end');
    }, 200);
  });
});
server.listen(0, '127.0.0.1', () => {
  net.connect(server.address().port, '127.0.0.1').on('error', () => {});
});
