/* SPDX-License-Identifier: MIT */
/* log.js - the events in words: output with its origin and time, messages, or all. */
{
  const MOST = 300;
  const kinds = {
    output: ['Output', (r) => r.e.name === 'stdio' || r.e.name === 'err.uncaught' || r.e.name === 'user.mark'],
    messages: ['Messages', (r) => mf.isMessage(r) && !(r.flags & mf.INTERNAL)],
    all: ['All events', () => true],
  };
  let kind, body, none, box;

  function wordsOf(run, frame, r) {
    if (r.e.name === 'stdio') {
      const stream = ['stdin', 'stdout', 'stderr'][r.v.fd] || 'fd ' + r.v.fd;
      return [stream + (r.v.full ? ' FULL' : ''), (r.x.text || r.v.bytes + ' bytes') + (r.flags & 8 ? '…' : '')];
    }
    if (!mf.isMessage(r)) return [r.e.name, mf.words(r)];
    const peer = frame.of.get(r.peer), latency = run.latency(r);
    const how = latency === null ? (mf.isSend(r) ? 'not received yet' : '') : latency.toFixed(1) + ' ms' + (latency > run.lateMs ? ' late' : '');
    return [(mf.isSend(r) ? '→ ' : '← ') + mf.label(peer), [r.v.bytes + ' bytes', how, r.flags & mf.HANDLE ? 'handle' : '', r.x.preview].filter(Boolean).join(', ')];
  }

  function makeRow(r) {
    return mf.el('tr', { 'data-n': r.n }, mf.el('td', { class: 'number' }),
      mf.el('th', { scope: 'row' }, mf.el('button', { type: 'button', class: 'name', onclick: () => mf.select({ record: r.n }) },
        mf.el('span', { class: 'letter ' + mf.colour(r.p || 'A'), text: r.p || '?' }), mf.el('span', { class: 'role' }))),
      mf.el('td'), mf.el('td', { class: 'text' }));
  }

  function fill(tr, run, frame, r) {
    const [what, text] = wordsOf(run, frame, r), p = frame.of.get(r.p);
    mf.text(tr.children[0], mf.seconds(r.t));
    mf.text(tr.querySelector('.role'), p ? p.role : '');
    mf.text(tr.children[2], what);
    mf.text(tr.children[3], text);
    mf.attr(tr, 'class', r.v.full || run.latency(r) > run.lateMs ? 'late' : null);
  }

  mf.views.push({
    id: 'log', title: 'Log',
    make(panel) {
      kind = mf.el('select', { id: 'kind', onchange: () => mf.refresh() });
      for (const name in kinds) kind.append(mf.el('option', { value: name, text: kinds[name][0] }));
      body = mf.el('tbody');
      none = mf.el('p', { class: 'none', text: 'Nothing yet.' });
      box = mf.el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': 'Log' },
        mf.el('table', { class: 'log' }, mf.el('thead', {}, mf.el('tr', {},
          ...['Time', 'Process', 'What', 'Text'].map((text, i) => mf.el('th', { scope: 'col', class: i ? null : 'number', text })))), body));
      panel.append(mf.el('div', { class: 'bar' }, mf.el('label', { class: 'pick' }, 'Show ', kind)), none, box);
    },
    update(run, T, frame) {
      const rows = run.recordsAt(T, MOST, kinds[kind.value][1]);
      const follows = box.scrollTop + box.clientHeight > box.scrollHeight - 40;
      none.hidden = rows.length > 0;
      mf.keyed(body, rows, (r) => r.n, makeRow, (tr, r) => fill(tr, run, frame, r));
      if (follows) box.scrollTop = box.scrollHeight;
    },
  });
}
