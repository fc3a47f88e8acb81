'use strict';
const bench = require('./lib/rate');
const size = 65536;
const b = bench.noise(size);
const other = bench.noise(size);
const last = Buffer.from(b.subarray(size - 8));
const line = 'A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. ';
const text = Buffer.from(line.repeat(Math.floor(size / line.length)) + 'singular');
const parts = [];
for (let i = 0; i < 4; i++) parts.push(Buffer.from(b.subarray(i * size / 4, (i + 1) * size / 4)));

function show(name, f) { console.log(`${name} ${bench.rate(size, f)}`); }

show('find_noise', (n) => {
  for (let i = 0; i < n; i++) b.indexOf(last);
});
show('find_text', (n) => {
  for (let i = 0; i < n; i++) text.indexOf('singular');
});
show('compare', (n) => {
  for (let i = 0; i < n; i++) b.compare(other);
});
show('concat', (n) => {
  for (let i = 0; i < n; i++) Buffer.concat(parts);
});
show('copy', (n) => {
  for (let i = 0; i < n; i++) b.copy(other);
});
show('swap16', (n) => {
  for (let i = 0; i < n; i++) other.swap16();
});
show('fill', (n) => {
  for (let i = 0; i < n; i++) other.fill(97);
});
show('fill_text', (n) => {
  for (let i = 0; i < n; i++) other.fill('abc');
});
