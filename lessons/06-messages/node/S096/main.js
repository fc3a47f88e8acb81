// S096 | communication 1: JSON lines over stdin and stdout
// api: child_process.spawn child.stdin.write child.stdout process.stdin JSON
'use strict';
const { spawn } = require('child_process');

function lines(stream, cb) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    for (const p of parts) cb(JSON.parse(p));
  });
}

if (process.argv[2] === 'child') {
  lines(process.stdin, (m) => process.stdout.write(`${JSON.stringify({ id: m.id, sum: m.a + m.b })}\n`));
} else {
  const child = spawn(process.execPath, [__filename, 'child'], { stdio: ['pipe', 'pipe', 'inherit'] });
  lines(child.stdout, (m) => console.log(`answer ${m.id}: ${m.sum}`));
  child.on('close', (code) => console.log(`child closed with ${code}, no channel needed: ${child.channel == null}`));

  // three messages, cut in unlucky places
  const text = [[1, 2, 3], [2, 10, 20], [3, 100, 200]]
    .map(([id, a, b]) => `${JSON.stringify({ id, a, b })}\n`).join('');
  child.stdin.write(text.slice(0, 10));
  setTimeout(() => {
    child.stdin.write(text.slice(10, 33));
    setTimeout(() => child.stdin.end(text.slice(33)), 20);
  }, 20);
}
