// S017 | events: how the system modules inherit from EventEmitter
// api: events.EventEmitter util.inherits net.Server stream.Readable http.Server fs.ReadStream process
'use strict';
const EventEmitter = require('events');
const util = require('util');

// As in the stream module
function Stream() {
  EventEmitter.call(this);
}
util.inherits(Stream, EventEmitter);

// As in the net module
function Server(options, connectionListener) {
  if (!(this instanceof Server)) return new Server(options, connectionListener);
  EventEmitter.call(this);
  if (connectionListener) this.on('connection', connectionListener);
}
util.inherits(Server, EventEmitter);

const stream = new Stream();
stream.on('data', (d) => console.log('stream got', d));
stream.emit('data', 'some data');

const server = Server({}, (name) => console.log('server got a connection from', name));
server.emit('connection', 'a client');
console.log('called without new, still a Server:', server instanceof Server);

const real = {
  'net.Server': require('net').Server.prototype,
  'http.Server': require('http').Server.prototype,
  'stream.Readable': require('stream').Readable.prototype,
  'stream.Writable': require('stream').Writable.prototype,
  'fs.ReadStream': require('fs').ReadStream.prototype,
  'child_process.ChildProcess': require('child_process').ChildProcess.prototype,
  process,
};
for (const name of Object.keys(real)) {
  console.log(`${name} inherits from EventEmitter: ${real[name] instanceof EventEmitter}`);
}
