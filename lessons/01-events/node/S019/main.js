// S019 | events: a class of your own that emits events
// api: events.EventEmitter class-extends Object.setPrototypeOf
'use strict';
const EventEmitter = require('events');

class MyEmitter extends EventEmitter {}

function OldEmitter() {
  EventEmitter.call(this);
}
// instances
Object.setPrototypeOf(OldEmitter.prototype, EventEmitter.prototype);
// static members
Object.setPrototypeOf(OldEmitter, EventEmitter);

for (const Emitter of [MyEmitter, OldEmitter]) {
  const e = new Emitter();
  e.on('ping', (n) => console.log(`${Emitter.name} got ping ${n}`));
  e.emit('ping', 1);
  console.log(`${Emitter.name}: instance of EventEmitter ${e instanceof EventEmitter}, ` +
    `inherits the static default ${Emitter.defaultMaxListeners}`);
}

// A listener list belongs to one instance.
const a = new MyEmitter();
const b = new MyEmitter();
a.on('x', () => console.log('a heard x'));
console.log('b has listeners for x:', b.emit('x'));
console.log('a has listeners for x:', a.emit('x'));
