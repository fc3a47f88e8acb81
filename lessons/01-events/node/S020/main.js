// S020 | EventEmitter: once listens a single time
// api: events.EventEmitter once on emit removeListener listenerCount
'use strict';
const EventEmitter = require('events');
const emitter = new EventEmitter();

emitter.once('test', function () {
  console.log('once');
});
emitter.on('test', function () {
  console.log('on');
});

console.log('listeners before:', emitter.listenerCount('test'));
emitter.emit('test');
console.log('listeners after the first emit:', emitter.listenerCount('test'));
emitter.emit('test');
emitter.emit('test');

// once is on plus removeListener; the same by hand:
function byHand() {
  emitter.removeListener('hand', byHand);
  console.log('by hand');
}
emitter.on('hand', byHand);
console.log('first:', emitter.emit('hand'));
console.log('second:', emitter.emit('hand'));
