// S025 | crypto: which algorithms are there
// api: crypto.getCiphers crypto.getHashes
'use strict';
const crypto = require('crypto');

for (const name of ['aes-128-cbc', 'aes-256-cbc', 'des-ede3-ecb', 'desc-ecb']) {
  console.log(`cipher ${name}: ${crypto.getCiphers().includes(name)}`);
}
for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
  console.log(`hash ${name}: ${crypto.getHashes().includes(name)}`);
}
