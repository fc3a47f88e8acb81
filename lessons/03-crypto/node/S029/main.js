// S029 | crypto: hash, HMAC, signature
// api: crypto.createHash crypto.createHmac crypto.sign crypto.verify crypto.generateKeyPairSync crypto.timingSafeEqual
// covers: S029 S030
'use strict';
const crypto = require('crypto');

console.log('sha256', crypto.createHash('sha256').update('abc').digest('hex'));
console.log('hmac', crypto.createHmac('sha256', 'key').update('abc').digest('hex'));

const mine = crypto.createHmac('sha256', 'key').update('abc').digest();
const theirs = crypto.createHmac('sha256', 'other key').update('abc').digest();
console.log('hmac with another key is equal:', crypto.timingSafeEqual(mine, theirs));

const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
const signature = crypto.sign(null, Buffer.from('a message'), privateKey);
console.log('signature bytes', signature.length);
console.log('verify the message:', crypto.verify(null, Buffer.from('a message'), publicKey, signature));
console.log('verify another one:', crypto.verify(null, Buffer.from('b message'), publicKey, signature));
