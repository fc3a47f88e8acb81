// S045 | HTTP: answering with a Buffer or with a string
// api: http.createServer res.end(Buffer) res.end(string) console.time
'use strict';
const http = require('http');
const N = Number(process.argv[2] || 50);
let s = '';
for (let i = 0; i < 1024 * 10; i++) s += 'a';

const str = s;
const bufStr = Buffer.from(s);
let conversions = 0;
const server = http.createServer((req, res) => {
  if (req.url === '/buffer') {
    res.end(bufStr);
  } else if (req.url === '/string') {
    conversions += 1;
    res.end(str);
  } else {
    res.statusCode = 404;
    res.end();
  }
});

server.listen(Number(process.env.PORT || 0), '127.0.0.1', async () => {
  for (const url of ['/buffer', '/string']) {
    const start = process.hrtime.bigint();
    let bytes = 0;
    for (let i = 0; i < N; i++) bytes += (await get(url)).length;
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    console.log(`${url}: ${N} requests, ${bytes} bytes, ${ms.toFixed(1)} ms`);
  }
  console.log(`strings turned into bytes: ${conversions} times, the Buffer once before the start`);
  console.log(`unknown path: ${(await get('/other')).length} bytes`);
  server.close();
});

function get(path) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port: server.address().port, path, agent: false }, (res) => {
      const parts = [];
      res.on('data', (c) => parts.push(c));
      res.on('end', () => resolve(Buffer.concat(parts)));
    });
  });
}
