// S002 | execFile: run one file directly, no shell in between
// api: child_process.execFile process.execPath
'use strict';
const { execFile } = require('child_process');

execFile(process.execPath, ['--version'], (error, stdout, stderr) => {
  if (error) { console.log(`execFile error: ${error.message}`); return; }
  if (stderr) { console.log(`stderr: ${stderr}`); return; }
  console.log(`version looks like vN.N.N: ${/^v\d+\.\d+\.\d+\n$/.test(stdout)}`);
  console.log(`same as process.version: ${stdout.trim() === process.version}`);
});
