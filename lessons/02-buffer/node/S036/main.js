// S036 | Buffer: one text, several encodings
// api: Buffer.from buf.toString encodings
'use strict';
const buf = Buffer.from('hello world', 'utf8');
console.log(buf.toString('hex'));
console.log(buf.toString('base64'));
console.log(`default is utf8: ${buf.toString() === buf.toString('utf8')}`);

console.log('é in utf8:', Buffer.from('é', 'utf8').toString('hex'));
console.log('é in latin1:', Buffer.from('é', 'latin1').toString('hex'));
console.log('é in utf16le:', Buffer.from('é', 'utf16le').toString('hex'));
console.log('😀 in utf16le:', Buffer.from('😀', 'utf16le').toString('hex'));
console.log('byte e9 read as latin1:', Buffer.from([0xe9]).toString('latin1'));
console.log('byte e9 read as ascii (high bit dropped):', Buffer.from([0xe9]).toString('ascii'));

console.log('from hex:', Buffer.from('68656c6c6f', 'hex').toString());
console.log('from base64:', Buffer.from('aGVsbG8gd29ybGQ=', 'base64').toString());
console.log('bytes of 你好: utf8', Buffer.byteLength('你好'), 'utf16le', Buffer.byteLength('你好', 'utf16le'));
