// S038 | Buffer: cutting inside a character, and the cure
// api: buf.toString string_decoder.StringDecoder
'use strict';
const { StringDecoder } = require('string_decoder');
const buf = Buffer.from('Node.js 技术栈', 'UTF-8');
console.log(`bytes: ${buf.length}`);
console.log(`技 is ${buf.toString('hex', 8, 11)}`);
console.log(buf.toString('UTF-8', 0, 9));
console.log(buf.toString('UTF-8', 0, 11));
console.log(`replacement characters in the cut text: ${[...buf.toString('UTF-8', 0, 9)].filter((c) => c === '\ufffd').length}`);

// A stream cuts anywhere. A StringDecoder keeps the incomplete bytes for the next piece.
const decoder = new StringDecoder('utf8');
let text = '';
let naive = '';
for (let i = 0; i < buf.length; i += 4) {
  const piece = buf.subarray(i, i + 4);
  text += decoder.write(piece);
  naive += piece.toString();
}
text += decoder.end();
console.log(`piece by piece with a decoder: ${text}`);
console.log(`piece by piece without: damaged ${naive !== text}`);
