// S026 | crypto: encrypt and decrypt with one key
// api: crypto.createCipheriv crypto.createDecipheriv update final
// covers: S026 S027
'use strict';
const crypto = require('crypto');
const KEY = '12345678'.repeat(3);

function cipher(str, algorithm = 'des-ede3-ecb') {
  try {
    const c = crypto.createCipheriv(algorithm, KEY, '');
    let encrypted = c.update(str, 'utf8', 'hex');
    encrypted += c.final('hex');
    return encrypted;
  } catch (e) {
    console.log('encryption failed');
    return e.code;
  }
}

function decipher(encrypted, key = KEY) {
  try {
    const d = crypto.createDecipheriv('des-ede3-ecb', key, '');
    let decrypted = d.update(encrypted, 'hex', 'utf8');
    decrypted += d.final('utf8');
    return decrypted;
  } catch (e) {
    console.log('decryption failed');
    return 'nothing';
  }
}

const secret = cipher('hello world !!!');
console.log(secret);
console.log(`15 characters become ${secret.length / 2} bytes (padding to whole blocks of 8)`);
console.log(decipher(secret));
console.log(decipher(secret, '87654321'.repeat(3)));
console.log(cipher('hello world !!!', 'desc-ecb'));

// ECB: equal blocks stay equal, which is why it should not be used for real data.
const twin = cipher('8 bytes!8 bytes!');
console.log(`equal blocks visible: ${twin.slice(0, 16) === twin.slice(16, 32)}`);
