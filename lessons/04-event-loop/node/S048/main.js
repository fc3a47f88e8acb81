// S048 | one thread: a long computation makes everybody wait
// api: http.createServer console.time fork
'use strict';
const http = require('http');
const { fork } = require('child_process');
const SIZE = Number(process.argv[2] || 1e8);

if (process.argv[3] === 'client') {
  client(Number(process.argv[4]));
} else {
  const url = '127.0.0.1';
  const computation = () => {
    let sum = 0;
    console.info('computation begins');
    console.time('computation took');
    for (let i = 0; i < SIZE; i++) sum += i;
    console.info('computation ends');
    console.timeEnd('computation took');
    return sum;
  };

  const server = http.createServer((req, res) => {
    if (req.url === '/compute') {
      customer.send('computing');
      res.end(`sum is ${computation()}`);
    } else {
      console.log('the quick request is served');
      res.end('ok');
    }
  });

  let customer;
  server.listen(Number(process.env.PORT || 0), url, () => {
    console.log(`server started at http://${url}:${server.address().port}`);
    customer = fork(__filename, [String(SIZE), 'client', String(server.address().port)]);
    customer.on('exit', () => server.close());
  });
}

function client(port) {
  const order = [];
  const get = (path, done) => http.get({ host: '127.0.0.1', port, path, agent: false }, (res) => {
    let body = '';
    res.on('data', (c) => { body += c; });
    res.on('end', () => { order.push(`${path} -> ${body}`); done(); });
  });
  let open = 2;
  const done = () => {
    open -= 1;
    if (open > 0) return;
    console.log('answers in order of arrival:');
    for (const line of order) console.log(`  ${line}`);
    process.disconnect();
  };
  get('/compute', done);
  process.on('message', () => get('/', done));
}
