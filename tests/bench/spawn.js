'use strict';
const { spawn } = require('child_process');

function round(width, total, done) {
  const began = process.hrtime.bigint();
  let started = 0, ended = 0;
  function start() {
    started++;
    spawn('/bin/true', [], { stdio: 'ignore' }).on('close', () => {
      ended++;
      if (started < total) return start();
      if (ended === total) done(total / (Number(process.hrtime.bigint() - began) / 1e9));
    });
  }
  for (let i = 0; i < width; i++) start();
}

round(1, 400, (rate) => {
  console.log(`one_per_s ${rate}`);
  round(8, 800, (wide) => console.log(`eight_per_s ${wide}`));
});
