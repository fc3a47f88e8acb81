// S033 | buffer as a bus station: arriving faster or slower than the bus leaves
// api: stream.Writable write() event:drain event:finish stream.PassThrough read(n)
'use strict';
const { Writable, PassThrough } = require('stream');

// Faster: passengers wait in the station, write() says when it is full.
const bus = new Writable({
  highWaterMark: 4,
  write(chunk, encoding, cb) {
    console.log(`bus leaves with ${chunk}`);
    setTimeout(cb, 5);
  },
});
console.log(`aa may go on: ${bus.write('aa')}`);
console.log(`bb may go on: ${bus.write('bb')}`);
console.log(`cc may go on: ${bus.write('cc')}`);
console.log(`waiting in the station: ${bus.writableLength} bytes`);
bus.once('drain', () => {
  console.log(`drain: waiting ${bus.writableLength} bytes`);
  bus.end('dd');
});
bus.on('finish', () => {
  console.log('finish');
  slower();
});

// Slower: the bus asks for four passengers and waits until four are there.
function slower() {
  const station = new PassThrough();
  station.write('ab');
  console.log(`four passengers there? ${station.read(4) || 'no'}`);
  station.write('cde');
  console.log(`four passengers there? ${station.read(4)}`);
  console.log(`left for the next bus: ${station.readableLength}`);
  station.end();
  console.log(`last bus takes the rest: ${station.read()}`);
}
