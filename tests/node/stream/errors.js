const stream = require('stream');
const print = (...a) => console.log(a.join('\t'));

function watch(name, s) {
  for (const event of ['error', 'close', 'finish', 'end'])
    s.on(event, (e) => print(name, event, e ? e.message : '-', e && e.code || '-'));
  return s;
}
const told = (name) => (e) => print(name, e ? e.message : '-', e && e.code || '-');

const w = watch('after end', new stream.Writable({ write(_, __, done) { done(); } }));
w.end('a');
print(w.write('b', told('write after end')));
w.end(told('second end'));

const d = watch('destroyed', new stream.Writable({ write() {} }));
d.write('a', told('first'));
d.write('b', told('second'));
d.end(told('end'));
d.destroy();
print(d.write('c', told('third')));
print(d.destroyed, d.writable);

const f = watch('failing', new stream.Writable({ write(_, __, done) { done(new Error('disk full')); } }));
f.write('a', told('a'));
f.write('b', told('b'));
print(f.errored && f.errored.message, f.destroyed);

const late = watch('late', new stream.Writable({ write(_, __, done) {
  setImmediate(() => done(new Error('late')));
} }));
late.write('a', told('late a'));
late.write('b', told('late b'));

const p = watch('eof', new stream.Readable({ read() {} }));
p.push(null);
print(p.push('x'));

const t = watch('throws', new stream.Readable({ read() { throw new Error('in _read'); } }));
t.resume();

const k = watch('destroy(err)', new stream.Readable({ read() {}, destroy(e, done) {
  print('_destroy', e.message);
  setImmediate(() => done(e));
} }));
k.destroy(new Error('boom'));
k.destroy(new Error('ignored'));

const twice = watch('twice', new stream.Writable({ write(_, __, done) { done(); done(); } }));
twice.write('a');

for (const bad of [() => w.write(null), () => w.write(5), () => w.write('a', 'klingon'),
  () => w.setDefaultEncoding('klingon'), () => new stream.Readable({ highWaterMark: -1 })]) {
  try {
    bad();
    print(true);
  } catch (e) {
    print(false, e.name, e.code, e.message);
  }
}
