const n = 100000;
function timed(fn) {
  fn(1000);
  const began = process.hrtime.bigint();
  fn(n);
  return Number(process.hrtime.bigint() - began) / n;
}
const log = timed((count) => {
  for (let i = 1; i <= count; i++) console.log('line %d of the log', i);
});
const open = timed((count) => {
  for (let i = 1; i <= count; i++) console.log('x', i, { a: i, list: [1, 2, 3] });
});
console.log('log_ns ' + log);
console.log('table_ns ' + open);
