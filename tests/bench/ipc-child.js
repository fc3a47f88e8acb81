'use strict';
const task = process.argv[2];
if (task === 'stream') {
  process.once('message', (n) => {
    for (let i = 1; i <= n; i++) process.send({ i, name: 'message', done: false });
  });
} else if (task === 'sink') {
  let n = 0;
  process.on('message', (m) => {
    n++;
    if (m === 'end') process.send(n);
  });
} else if (task === 'handles') {
  process.on('message', (m, handle) => {
    if (handle) handle.destroy();
    if (m === 'end') process.send(m);
  });
} else {
  process.on('message', (m) => process.send(m));
}
