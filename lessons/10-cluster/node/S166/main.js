// S166 | cluster: a web service whose dead workers are replaced
// api: cluster.fork Worker.id Worker.process event:exit http Map
// covers: S166 S187
'use strict';
const cluster = require('cluster');
const http = require('http');
const numWorkers = Number(process.argv[2] || 2);

// the three calls of the framework that the sample uses
function express() {
  const routes = {};
  return {
    get(url, handler) { routes[url] = handler; },
    listen(port, host, cb) {
      return http.createServer((req, res) => {
        res.send = (text) => res.end(text);
        if (routes[req.url]) routes[req.url](req, res);
        else { res.statusCode = 404; res.end('Not Found'); }
      }).listen(port, host, cb);
    },
  };
}

if (cluster.isPrimary) {
  console.log(`primary pid ${process.pid} is running`);
  const workers = new Map();
  const create = () => {
    const worker = cluster.fork();
    workers.set(worker.id, { pid: worker.process.pid, requests: 0 });
  };
  for (let i = 0; i < numWorkers; i++) create();

  let closing = false;
  cluster.on('exit', (worker, code, signal) => {
    if (closing) return;
    console.log(`worker ${worker.id} has exited, signal ${signal}`);
    workers.delete(worker.id);
    create(); // a new one in place of the dead one
  });

  let listening = 0;
  cluster.on('listening', async (w, address) => {
    listening += 1;
    if (listening === numWorkers) {
      await round(address.port);
      process.kill(cluster.workers[1].process.pid, 'SIGKILL');
    } else if (listening === numWorkers + 1) {
      await round(address.port);
      console.log(`unknown path: ${await get(address.port, '/other')}`);
      console.log(`tracked workers: ${[...workers.keys()].sort().join(' ')}`);
      closing = true;
      for (const id in cluster.workers) cluster.workers[id].kill();
    }
  });

  const round = async (port) => {
    for (let i = 0; i < 4; i++) {
      const pid = Number((await get(port, '/')).match(/pid (\d+)/)[1]);
      for (const info of workers.values()) if (info.pid === pid) info.requests += 1;
    }
    for (const [id, info] of workers) console.log(`worker ${id}: requests ${info.requests}`);
  };
} else {
  const app = express();
  app.get('/', (req, res) => {
    res.send(`request served by worker pid ${process.pid}`);
  });
  app.listen(Number(process.env.PORT || 0), '127.0.0.1');
}

function get(port, path) {
  return new Promise((resolve) => {
    http.get({ host: '127.0.0.1', port, path, agent: false }, (res) => {
      let body = '';
      res.on('data', (c) => { body += c; });
      res.on('end', () => resolve(body));
    });
  });
}
