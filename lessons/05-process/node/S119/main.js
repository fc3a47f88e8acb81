// S119 | process: emitWarning and the warning event
// api: process.emitWarning process.on(warning)
'use strict';
process.on('warning', (w) => {
  console.log(`warning: name ${w.name}, message ${w.message}, code ${w.code || 'none'}`);
});
process.emitWarning('plain text');
process.emitWarning('with a type', 'CustomWarning');
process.emitWarning('with a code', { type: 'CustomWarning', code: 'W001' });
console.log('emitWarning returns at once; the event comes later');
