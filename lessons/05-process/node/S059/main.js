// S059 | exec goes through a shell, execFile does not
// api: child_process.exec child_process.execFile
// covers: S058 S059
'use strict';
const { exec, execFile } = require('child_process');
const form = (s) => /^v\d+\.\d+\.\d+\n$/.test(s);

exec(`"${process.execPath}" -v`, (error, stdout, stderr) => {
  console.log(`exec: no error ${error === null}, a version ${form(stdout)}, stderr empty ${stderr === ''}`);
  execFile(process.execPath, ['-v'], (error2, stdout2, stderr2) => {
    console.log(`execFile: no error ${error2 === null}, a version ${form(stdout2)}, stderr empty ${stderr2 === ''}`);
    characters();
  });
});

function characters() {
  // The same characters: special for the shell, plain for execFile.
  exec('echo "a  b"; echo $((1+1))', (error, stdout) => {
    console.log(`exec sees: ${stdout.trim().split('\n').join(' | ')}`);
    execFile('echo', ['"a  b"; echo $((1+1))'], (error2, stdout2) => {
      console.log(`execFile sees: ${stdout2.trim()}`);
      missing();
    });
  });
}

function missing() {
  exec('no-such-program-here', (error) => {
    console.log(`exec of a missing program: exit code ${error.code} (the shell's)`);
    execFile('no-such-program-here', (error2) => {
      console.log(`execFile of a missing program: ${error2.code}`);
    });
  });
}
