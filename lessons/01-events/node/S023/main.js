// S023 | EventEmitter: an error event that nobody listens to ends the process
// api: events.EventEmitter emit(error) child_process.spawnSync exit-code
'use strict';
const { spawnSync } = require('child_process');
const EventEmitter = require('events');
const emitter = new EventEmitter();

if (process.argv[2] === 'child') {
  console.log('before emit');
  emitter.emit('error', new Error('something went wrong'));
  console.log('after emit');
} else {
  const child = spawnSync(process.execPath, [__filename, 'child'], { encoding: 'utf8' });
  console.log(`child printed: ${child.stdout.trim()}`);
  console.log(`child exit code: ${child.status}`);
  console.log(`message on stderr: ${child.stderr.includes('something went wrong')}`);

  // emit is synchronous, so the error can also be caught where it is emitted
  try {
    emitter.emit('error', new Error('caught here'));
  } catch (e) {
    console.log(`caught: ${e.message}`);
  }
}
