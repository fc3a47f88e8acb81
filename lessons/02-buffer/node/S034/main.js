// S034 | Buffer: from, alloc, allocUnsafe
// api: Buffer.from Buffer.alloc Buffer.allocUnsafe buf.fill buf.toString(hex)
'use strict';
const show = (what, buf) => console.log(`${what}: ${buf.toString('hex')}`);

const buf4 = Buffer.from([1, 2, 3]);
show('from([1,2,3])', buf4);

const buf5 = Buffer.from([257, 257.5, -255, '1']);
show('from([257,257.5,-255,"1"])', buf5);

const buf6 = Buffer.from('test');
show('from("test")', buf6);
show('from("tést")', Buffer.from('tést'));

const buf7 = Buffer.from('tést', 'latin1');
show('from("tést","latin1")', buf7);

const buf1 = Buffer.alloc(10);
show('alloc(10)', buf1);

const buf2 = Buffer.alloc(10, 1);
show('alloc(10,1)', buf2);
show('alloc(10,"ab")', Buffer.alloc(10, 'ab'));

// allocUnsafe does not clear the memory: its content is known only after fill or write.
const buf3 = Buffer.allocUnsafe(10);
console.log(`allocUnsafe(10) has length ${buf3.length}`);
show('after fill(0)', buf3.fill(0));

// from(buffer) copies
const copy = Buffer.from(buf4);
copy[0] = 9;
show('original', buf4);
show('copy', copy);
