// S113 | process: the descriptors 0, 1, 2
// api: process.stdin.fd process.stdout.fd process.stderr.fd fs.writeSync
'use strict';
const fs = require('fs');
console.log(`stdin ${process.stdin.fd}, stdout ${process.stdout.fd}, stderr ${process.stderr.fd}`);
process.stdout.write('written by the stream\n');
fs.writeSync(1, 'written to descriptor 1\n');

// Closing the hands of the shell: 2>&1 makes both the same place.
const { execSync } = require('child_process');
console.log(execSync('echo to stderr 1>&2', { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }) === '');
console.log(execSync('(echo to stderr 1>&2) 2>&1', { encoding: 'utf8' }).trim());
