// S028 | crypto: MD5 digest
// api: crypto.createHash update digest
'use strict';
const crypto = require('crypto');
const md5 = (str) => crypto.createHash('md5').update(str, 'utf8').digest('hex');

console.log(md5('123456789'));
console.log(md5('123456789').toUpperCase());
console.log(`length in characters: ${md5('').length}, of a long text: ${md5('x'.repeat(100000)).length}`);

// update may be called several times, as with a stream
const pieces = crypto.createHash('md5').update('123').update('456').update('789').digest('hex');
console.log(`in pieces the same: ${pieces === md5('123456789')}`);

// one bit of difference changes everything
console.log(md5('123456788'));

// other output forms
console.log(crypto.createHash('md5').update('123456789').digest('base64'));
console.log(`without encoding: a Buffer of ${crypto.createHash('md5').update('123456789').digest().length} bytes`);

const h = crypto.createHash('md5').update('x');
h.digest();
try { h.digest(); } catch (e) { console.log(`second digest: ${e.code}`); }
