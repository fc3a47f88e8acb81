'use strict';
const fs = require('fs'), os = require('os');
const { Readable, Writable, Transform, PassThrough } = require('stream');

function numbers(n) {
  let i = 0;
  return new Readable({ objectMode: true, read() { this.push(i < n ? ++i : null); } });
}

function* counted(n) { for (let i = 1; i <= n; i++) yield i; }

function sink(objectMode) {
  return new Writable({ objectMode, write(chunk, encoding, done) { done(); } });
}

function doubler() {
  return new Transform({ objectMode: true, transform(x, encoding, done) { done(null, 2 * x); } });
}

const block = Buffer.alloc(65536);
function blocks(n) {
  let i = 0;
  return new Readable({ read() { this.push(i++ < n ? block : null); } });
}

function rate(name, n, start) {
  return new Promise((resolve) => {
    const began = process.hrtime.bigint();
    start(n).on('finish', () => {
      console.log(`${name} ${n / (Number(process.hrtime.bigint() - began) / 1e9)}`);
      resolve();
    });
  });
}

async function main() {
  for (const [name, n, start] of [
    ['object_pipe', 200000, (k) => numbers(k).pipe(sink(true))],
    ['object_three', 100000, (k) => numbers(k).pipe(doubler()).pipe(sink(true))],
    ['object_from', 100000, (k) => Readable.from(counted(k)).pipe(doubler()).pipe(sink(true))],
    ['bytes', 100000, (k) => blocks(k).pipe(new PassThrough()).pipe(sink(false))],
  ]) {
    await rate('warm', n / 10, start);
    await rate(name, n, start);
  }
  const dir = fs.mkdtempSync(`${os.tmpdir()}/bench-`);
  fs.writeFileSync(`${dir}/from`, Buffer.alloc(64 << 20));
  const copy = () => fs.createReadStream(`${dir}/from`).pipe(fs.createWriteStream(`${dir}/to`));
  await rate('warm', 64, copy);
  await rate('copy', 64, copy);
  fs.rmSync(dir, { recursive: true });
}
main();
