// S018 | events: what a server and a file stream emit
// api: net.createServer event:connection fs.createReadStream event:open event:data event:end event:close
'use strict';
const fs = require('fs');
const net = require('net');

const server = net.createServer();
let connections = 0;
server.on('listening', () => console.log('net.Server emits listening'));
server.on('connection', (socket) => {
  connections += 1;
  console.log('net.Server emits connection', connections);
  socket.end('bye');
});
server.on('close', () => {
  console.log('net.Server emits close');
  file();
});
server.listen(Number(process.env.PORT || 0), '127.0.0.1', () => client(2));

function client(left) {
  if (left === 0) { server.close(); return; }
  const socket = net.connect(server.address().port, '127.0.0.1');
  socket.on('data', (d) => console.log('client received', String(d)));
  socket.on('close', () => client(left - 1));
}

function file() {
  const rs = fs.createReadStream(__filename);
  for (const name of ['open', 'end', 'close']) rs.on(name, () => console.log('fs.ReadStream emits', name));
  rs.once('data', () => console.log('fs.ReadStream emits data'));
}
