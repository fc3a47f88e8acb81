// S024 | EventEmitter: with an error listener the process goes on
// api: events.EventEmitter on(error) emit(error)
'use strict';
const EventEmitter = require('events');
const emitter = new EventEmitter();

emitter.on('error', function (err) {
  console.log(`error listener: ${err.message}`);
});
emitter.emit('error', new Error('this is an error'));
console.log('still running');
setTimeout(() => console.log('and still running later'), 10);
