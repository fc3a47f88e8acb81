// S110 | process: what it can tell about machine, runtime and itself
// api: process.arch process.platform process.env process.release process.version process.versions process.execPath process.config process.pid process.ppid process.title process.debugPort process.report
'use strict';
const path = require('path');
const os = require('os');
console.log(`arch is the one os reports: ${process.arch === os.arch()}`);
console.log(`platform is the one os reports: ${process.platform === os.platform()}`);
console.log(`env has PATH: ${typeof process.env.PATH === 'string'}`);
console.log(`release.name is a string: ${typeof process.release.name === 'string'}`);
console.log(`version has the form vN.N.N: ${/^v\d+\.\d+\.\d+/.test(process.version)}`);
console.log(`versions is a table with more than one entry: ${Object.keys(process.versions).length > 1}`);
console.log(`execPath is absolute: ${path.isAbsolute(process.execPath)}`);
console.log(`pid and ppid are different positive numbers: ${process.pid > 0 && process.ppid > 0 && process.pid !== process.ppid}`);
console.log(`title is a string: ${typeof process.title === 'string'}`);

// the environment is text only
process.env.S110_NUMBER = 5;
console.log(`a number stored in env comes back as ${typeof process.env.S110_NUMBER}`);
delete process.env.S110_NUMBER;
console.log(`deleted: ${process.env.S110_NUMBER === undefined}`);
