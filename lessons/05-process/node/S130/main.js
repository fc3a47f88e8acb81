// S130 | exit codes: the ones only this runtime has
// api: child_process.spawnSync status
// portable: false
'use strict';
const { spawnSync } = require('child_process');
const node = (...args) => spawnSync(process.execPath, args, { input: '' }).status;

console.log(`6 handler is not a function: ${node('-e', 'process._fatalException = 1; throw 1')}`);
console.log(`9 unknown option: ${node('--no-such-option')}`);
console.log(`9 bad inspector port: ${node('--inspect-port=99999999', '-e', '1')}`);
console.log(`13 top-level await never settles: ${node('--input-type=module', '-e', 'await new Promise(() => {})')}`);
console.log(`1 syntax error: ${node('-e', 'let = ;')}`);
console.log(`1 missing file: ${node('./no-such-file.js')}`);
