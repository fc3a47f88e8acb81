// S054 | process: stdin, stdout, stderr
// api: process.stdin process.stdout process.stderr child_process.spawn
'use strict';
const { spawn } = require('child_process');

if (process.argv[2] === 'child') {
  let lines = 0;
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    for (const line of parts) {
      lines += 1;
      process.stdout.write(`${line.toUpperCase()}\n`);
    }
  });
  process.stdin.on('end', () => process.stderr.write(`read ${lines} lines\n`));
} else {
  const child = spawn(process.execPath, [__filename, 'child']);
  let out = '';
  let err = '';
  child.stdout.on('data', (d) => { out += d; });
  child.stderr.on('data', (d) => { err += d; });
  child.on('close', (code) => {
    console.log(`stdout: ${out.trim().split('\n').join(' | ')}`);
    console.log(`stderr: ${err.trim()}`);
    console.log(`code ${code}`);
  });
  child.stdin.write('one\ntw');
  child.stdin.write('o\n');
  child.stdin.end('three\n');
}
