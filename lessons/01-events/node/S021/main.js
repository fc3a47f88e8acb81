// S021 | EventEmitter: once against a cache avalanche, ten callers share one read
// api: events.EventEmitter once setMaxListeners fs.readFile process.on(warning)
'use strict';
const events = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');

const emitter = new events.EventEmitter();
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 's021-'));
const file = path.join(dir, 'a.txt');
fs.writeFileSync(file, 'hot data');

let reads = 0;
const readFile = (f, cb) => { reads += 1; fs.readFile(f, 'utf8', cb); };

const status = {};
const select = function (name, cb) {
  // Every caller leaves its callback; only the first one starts the read.
  emitter.once(name, cb);
  if (status[name] === undefined) status[name] = 'ready';
  if (status[name] === 'ready') {
    status[name] = 'pending';
    readFile(name, (err, result) => {
      status[name] = 'ready';
      emitter.emit(name, err, result);
      setTimeout(() => { if (status[name] === 'ready') delete status[name]; }, 20);
    });
  }
};

const wave = (n, how) => new Promise((resolve) => {
  let answered = 0;
  const good = new Set();
  for (let i = 0; i < n; i++) {
    how(file, (err, result) => {
      good.add(err || result);
      answered += 1;
      if (answered === n) resolve({ answered, values: [...good].join('|') });
    });
  }
});

const warnings = [];
process.on('warning', (w) => warnings.push(w.name));

(async () => {
  let r = await wave(10, readFile);
  console.log(`without once: ${r.answered} callers, ${reads} reads, value ${r.values}`);

  reads = 0;
  r = await wave(10, select);
  console.log(`with once: ${r.answered} callers, ${reads} read, value ${r.values}`);
  console.log(`warnings with ten waiters: ${warnings.length}`);

  reads = 0;
  r = await wave(11, select);
  console.log(`second wave: ${r.answered} callers, ${reads} read`);
  await new Promise((resolve) => setTimeout(resolve, 60));
  console.log(`warnings with eleven waiters: ${warnings.join(' ')}`);
  console.log(`keys left in status: ${Object.keys(status).length}`);
  console.log(`listeners left: ${emitter.listenerCount(file)}`);
  fs.rmSync(dir, { recursive: true });
})();
