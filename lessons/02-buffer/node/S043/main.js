// S043 | Buffer: a CSV file with a byte order mark
// api: Buffer.concat fs.writeFileSync fs.readFileSync
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's043-'));
const file = path.join(dir, 'list.csv');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const csv = Buffer.from('姓名,数量\n苹果,3\n');
fs.writeFileSync(file, Buffer.concat([BOM, csv]));

const read = fs.readFileSync(file);
console.log(`size ${read.length} = ${csv.length} + 3`);
console.log(`first three bytes: ${read.toString('hex', 0, 3)}`);
console.log(`first character of the text is U+FEFF: ${read.toString().charCodeAt(0) === 0xfeff}`);
const clean = read.subarray(0, 3).equals(BOM) ? read.subarray(3) : read;
console.log(`without the mark: ${clean.toString().split('\n')[0]}`);
fs.rmSync(dir, { recursive: true });
