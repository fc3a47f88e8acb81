// S022 | weak collections: a WeakMap takes objects as keys, not file names
// api: WeakMap WeakSet
// portable: false
'use strict';
const status = new WeakMap();
try {
  status.set('/a.txt', 'ready');
} catch (e) {
  console.log(`string key: ${e.name}`);
}

const file = { name: '/a.txt' };
status.set(file, 'ready');
console.log(`object key: ${status.get(file)}`);
console.log(`an equal object is another key: ${status.has({ name: '/a.txt' })}`);

const set = new WeakSet([file]);
console.log(`WeakSet has the object: ${set.has(file)}`);
console.log(`a WeakMap cannot be listed: ${status.keys === undefined && status.size === undefined}`);
