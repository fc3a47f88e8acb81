'use strict';
const bench = require('./lib/rate');
const lines = {
  ascii: 'A JavaScript runtime, event-driven, single-threaded, not blocking: so it says. ',
  accent: 'Él añadió una tortilla española a la mesa, y después se marchó sin más. '
};

for (const name of ['ascii', 'accent']) {
  const line = lines[name];
  const text = line.repeat(Math.floor(65536 / Buffer.byteLength(line, 'latin1')));
  const b = Buffer.from(text, 'latin1');
  console.log(`${name}_out ${bench.rate(b.length, (n) => {
    for (let i = 0; i < n; i++) b.toString('latin1');
  })}`);
  console.log(`${name}_into ${bench.rate(b.length, (n) => {
    for (let i = 0; i < n; i++) Buffer.from(text, 'latin1');
  })}`);
  if (name === 'ascii') {
    console.log(`seven_out ${bench.rate(b.length, (n) => {
      for (let i = 0; i < n; i++) b.toString('ascii');
    })}`);
  }
}
