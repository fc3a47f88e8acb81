// S039 | Buffer: iterators
// api: buf.values buf.keys buf.entries for-of
'use strict';
const buf = Buffer.from([1, 2, 3]);

for (const b of buf) {
  console.log(b);
}
for (const k of buf.keys()) console.log('key', k);
for (const v of buf.values()) console.log('value', v);
for (const [k, v] of buf.entries()) console.log('entry', k, v);
