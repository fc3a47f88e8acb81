// S013 | EventEmitter: three ways to give a listener another this
// api: events.EventEmitter Function.bind closure arrow-function
'use strict';
const EventEmitter = require('events').EventEmitter;
const emitter = new EventEmitter();
this.name = 'the module';

// 1. bind
function listener(a, b) {
  console.log(`bind: this === emitter ${this === emitter}, this.name = ${this.name}`);
}
emitter.on('event', listener.bind(this));

// 2. a closure over the outer this
emitter.on('event', (function (that) {
  return function (a, b) {
    console.log(`closure: that === emitter ${that === emitter}, that.name = ${that.name}`);
  };
})(this));

// 3. an arrow function has no this of its own
emitter.on('event', (a, b) => {
  console.log(`arrow: this === emitter ${this === emitter}, this.name = ${this.name}`);
});

emitter.emit('event', 1, 2);
