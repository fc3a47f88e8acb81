// S049 | shared state: a counter outside or inside the handler
// api: http.createServer
'use strict';
const http = require('http');

let count = 0; // lives as long as the server: every request sees the same one

const server = http.createServer((req, res) => {
  if (req.url === '/field') {
    count += 1;
    res.end(String(count));
  } else {
    let count = 0; // lives as long as one call
    count += 1;
    res.end(String(count));
  }
});

server.listen(Number(process.env.PORT || 0), '127.0.0.1', async () => {
  for (const path of ['/field', '/local']) {
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await get(path));
    console.log(`${path}: ${answers.join(' ')}`);
  }
  server.close();
});

function get(path) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port: server.address().port, path, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    });
  });
}
