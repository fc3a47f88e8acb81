// S031 | binary: a number and a letter as bits
// api: Number.toString(2) String.charCodeAt Buffer.from
'use strict';
const bits = (n) => n.toString(2).padStart(8, '0');

console.log('128  64  32  16   8   4   2   1');
console.log([...bits(66)].map((b) => b.padStart(3)).join(' '));
console.log(`66 is ${bits(66)}, back again ${parseInt(bits(66), 2)}`);
console.log(`'M' has code ${'M'.charCodeAt()} and bits ${bits('M'.charCodeAt())}`);
console.log(`the same byte in a Buffer: ${Buffer.from('M')[0]}`);
console.log(`'技' has code ${'技'.charCodeAt()} and ${Buffer.from('技').length} bytes in UTF-8`);
