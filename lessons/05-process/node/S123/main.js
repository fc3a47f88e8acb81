// S123 | process: the monitor, the event, and the capture callback
// api: process.on(uncaughtException) process.on(uncaughtExceptionMonitor) process.setUncaughtExceptionCaptureCallback process.hasUncaughtExceptionCaptureCallback
'use strict';
process.on('uncaughtExceptionMonitor', (err, origin) => console.log(`monitor: ${err.message} (${origin})`));
process.on('uncaughtException', (err) => console.log(`event: ${err.message}`));

const steps = [
  () => { throw new Error('first'); },
  () => { Promise.reject(new Error('second')); },
  () => {
    console.log(`capture callback set: ${process.hasUncaughtExceptionCaptureCallback()}`);
    process.setUncaughtExceptionCaptureCallback((err) => console.log(`capture: ${err.message}`));
    console.log(`capture callback set: ${process.hasUncaughtExceptionCaptureCallback()}`);
  },
  () => { throw new Error('third'); },
  () => { process.setUncaughtExceptionCaptureCallback(null); },
  () => { throw new Error('fourth'); },
];
steps.forEach((step, i) => setTimeout(step, 10 * (i + 1)));
