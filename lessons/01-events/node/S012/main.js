// S012 | EventEmitter: inside a listener, this is the emitter
// api: events.EventEmitter on emit listenerCount eventNames
'use strict';
const EventEmitter = require('events').EventEmitter;
const emitter = new EventEmitter();

emitter.on('event', function (a, b) {
  console.log(a, b);
  console.log(`this === emitter: ${this === emitter}`);
  console.log(`this is an EventEmitter: ${this instanceof EventEmitter}`);
  console.log(`listeners for event: ${this.listenerCount('event')}`);
  console.log(`event names: ${this.eventNames().join(' ')}`);
});
emitter.emit('event', 'a', 'b');
