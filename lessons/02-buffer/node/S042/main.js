// S042 | slab: empty, partial, full
// api: (a model in plain code)
'use strict';
const POOL_SIZE = 8 * 1024;
const slabs = [];
let large = 0;

function createPool() {
  slabs.push({ offset: 0, pieces: 0 });
}
function state(slab) {
  if (slab.offset === 0) return 'empty';
  return slab.offset === POOL_SIZE ? 'full' : 'partial';
}
function allocate(size) {
  let how;
  if (size > POOL_SIZE) {
    large += 1;
    how = 'large, on its own';
  } else {
    let slab = slabs[slabs.length - 1];
    if (size > POOL_SIZE - slab.offset) {
      createPool();
      slab = slabs[slabs.length - 1];
    }
    how = `slab ${slabs.length} at ${slab.offset}`;
    slab.offset += size;
    slab.pieces += 1;
  }
  console.log(`${size}: ${how}; slabs ${slabs.map(state).join(', ')}`);
}

createPool();
console.log(`at start: slabs ${slabs.map(state).join(', ')}`);
allocate(2048);
allocate(2048);
allocate(4096);
allocate(1);
allocate(8192);
allocate(9000);
allocate(100);
const waste = slabs.reduce((sum, s, i) => (i === slabs.length - 1 ? sum : sum + POOL_SIZE - s.offset), 0);
console.log(`slabs ${slabs.length}, large ${large}, bytes left unused in closed slabs ${waste}`);
