'use strict';
process.send('up');
process.on('message', () => {});
