'use strict';
const { parentPort: port, workerData: task } = require('worker_threads');
if (task === 'echo') {
  port.on('message', (m) => {
    if (m === 'end') port.close();
    else port.postMessage(m);
  });
} else if (task === 'sink') {
  let n = 0;
  port.on('message', (m) => {
    n++;
    if (m === 'end') {
      port.postMessage(n);
      port.close();
    }
  });
} else {
  port.postMessage('here');
  port.once('message', () => {});
}
