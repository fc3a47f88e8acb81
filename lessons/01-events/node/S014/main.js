// S014 | EventEmitter: emit calls the listeners at once, in the order they were added
// api: events.EventEmitter on emit
'use strict';
const events = require('events');
const emitter = new events.EventEmitter();

emitter.on('test', function () {
  console.log(111);
});
emitter.emit('test');
console.log(222);

emitter.on('order', () => console.log('first listener'));
emitter.on('order', () => {
  console.log('second listener begins');
  emitter.emit('test');
  console.log('second listener ends');
});
emitter.on('order', () => console.log('third listener'));
emitter.emit('order');
console.log('after emit');
