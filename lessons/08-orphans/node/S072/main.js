// S072 | Console: a logger that writes to files
// api: console.Console fs.createWriteStream setInterval
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Console } = require('console');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's072-'));
const out = fs.createWriteStream(path.join(dir, 'stdout.log'));
const err = fs.createWriteStream(path.join(dir, 'stderr.log'));
const logger = new Console(out, err);

let n = 0;
const timer = setInterval(function () {
  n += 1;
  logger.log('agent pid:', process.pid, ', tick', n);
  if (n === 2) logger.error('something odd at tick', n);
  if (n < 3) return;
  clearInterval(timer);
  out.end(() => err.end(() => {
    for (const name of ['stdout.log', 'stderr.log']) {
      console.log(`${name}:`);
      process.stdout.write(fs.readFileSync(path.join(dir, name), 'utf8'));
    }
    fs.rmSync(dir, { recursive: true });
  }));
}, 10);
