// S011 | EventEmitter: on and emit
// api: events.EventEmitter on emit
'use strict';
const EventEmitter = require('events').EventEmitter;
const emitter = new EventEmitter();

emitter.on('起床', function (time) {
  console.log(`早上${time}开始起床，新的一天加油`);
});

// emit() answers whether anyone was listening
console.log(emitter.emit('起床', '6:00'));
console.log(emitter.emit('睡觉', '22:00'));
