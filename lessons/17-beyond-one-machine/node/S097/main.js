// S097 | communication 2: sockets, TCP and local
// api: net.createServer net.connect child_process.fork
'use strict';
const net = require('net');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

if (process.argv[2] === 'client') {
  const where = process.argv[3];
  const socket = /^\d+$/.test(where) ? net.connect(Number(where), '127.0.0.1') : net.connect(where);
  socket.setEncoding('utf8');
  socket.on('connect', () => socket.write('{"ask":"21*2"}\n'));
  socket.on('data', (text) => {
    console.log(`client received ${JSON.parse(text).answer}`);
    socket.end();
  });
} else {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's097-'));
  const serve = (name, where, next) => {
    const server = net.createServer((socket) => {
      socket.setEncoding('utf8');
      socket.on('data', (text) => {
        console.log(`${name}: server received ${JSON.parse(text).ask}`);
        socket.write('{"answer":42}\n');
      });
    });
    server.listen(...where, () => {
      const at = server.address();
      const target = typeof at === 'string' ? at : String(at.port);
      spawn(process.execPath, [__filename, 'client', target], { stdio: 'inherit' })
        .on('exit', (code) => {
          console.log(`${name}: client exit code ${code}`);
          server.close(next);
        });
    });
  };
  serve('tcp', [Number(process.env.PORT || 0), '127.0.0.1'], () => {
    serve('local socket', [path.join(dir, 'x.sock')], () => {
      console.log(`socket file removed: ${!fs.existsSync(path.join(dir, 'x.sock'))}`);
      fs.rmSync(dir, { recursive: true });
    });
  });
}
