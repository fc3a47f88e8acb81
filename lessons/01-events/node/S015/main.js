// S015 | EventEmitter: a listener that puts its work off
// api: events.EventEmitter setImmediate process.nextTick
'use strict';
const EventEmitter = require('events');
const emitter = new EventEmitter();

emitter.on('test', () => {
  setImmediate(() => console.log('111 from setImmediate'));
  process.nextTick(() => console.log('000 from nextTick'));
});
emitter.emit('test');
console.log(222);
