'use strict';
const child_process = require('child_process');

exports.run = (port, done) => {
  const url = `http://127.0.0.1:${port}/`;
  let text = '';
  let child = child_process.spawn('wrk', ['-t1', '-c32', '-d2', url], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.on('error', () => {
    child = child_process.spawn(process.env.MOONFORK, [__dirname + '/http-client.lua', 'load', String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (d) => { text += d; });
    child.on('close', () => done(/rate ([\d.]+)/.exec(text)[1]));
  });
  child.stdout.on('data', (d) => { text += d; });
  child.on('close', () => {
    const rate = /Requests\/sec:\s*([\d.]+)/.exec(text);
    if (rate) done(rate[1]);
  });
};
