// S037 | Buffer: from string to Buffer and back
// api: Buffer.from buf.toString(encoding,start,end) util.inspect
'use strict';
const util = require('util');
const buf = Buffer.from('hello world', 'utf8');
console.log(util.inspect(buf));
console.log(buf.toString('UTF-8'));
console.log(buf.toString('UTF-8', 6));
console.log(buf.toString('UTF-8', 0, 5));
