// S055 | exec has a limit, spawn has none
// api: child_process.exec maxBuffer child_process.spawn
'use strict';
const { exec, spawn } = require('child_process');
const COMMAND = "head -c 2000000 /dev/zero | tr '\\0' a";

exec(COMMAND, (error, stdout) => {
  console.log(`exec, default limit: ${error.code}, kept ${stdout.length}`);
  exec(COMMAND, { maxBuffer: 200 * 1024 }, (error2, stdout2) => {
    console.log(`exec, 200 KB limit: ${error2.code}, kept ${stdout2.length}`);
    exec(COMMAND, { maxBuffer: 4 * 1024 * 1024 }, (error3, stdout3) => {
      console.log(`exec, 4 MB limit: no error ${error3 === null}, kept ${stdout3.length}`);
      const child = spawn('sh', ['-c', COMMAND]);
      let bytes = 0;
      child.stdout.on('data', (d) => { bytes += d.length; });
      child.on('close', (code) => {
        console.log(`spawn: ${bytes} bytes seen, code ${code}`);
        console.log('the parent is still here');
      });
    });
  });
});
