/* SPDX-License-Identifier: MIT */
/* threads.js - the threads that run Lua: their state and what waits for them. */
{
  const columns = ['Thread', 'TID', 'State', 'CPU', 'Loop lag', 'Queue', 'Leaving', 'In / out', 'Heap', 'What it does'];
  let body, none;

  const rowsOf = (frame) => frame.p.filter((p) => !p.ended)
    .flatMap((p) => p.th.filter((t) => t.ended === undefined).map((t) => ({ p, t, key: p.id + '/' + t.tid })));

  function makeRow(row) {
    const tr = mf.el('tr', { 'data-key': row.key }, mf.el('th', { scope: 'row' }, mf.el('div', { class: 'who' },
      mf.nameButton(row.p.id), mf.el('span', { class: 'badges' }))));
    for (let i = 1; i < columns.length; i++) tr.append(mf.el('td', { class: i > 2 && i < 9 ? 'number' : null, 'data-label': columns[i] }));
    return tr;
  }

  const badgesOf = (t) => (t.blocked ? [['block', 'BLOCK']] : []).concat(t.slow ? [['warn', 'SLOW']] : []);

  function whatOf(t) {
    const file = t.file.replace(/^.*\//, '');
    return t.blocked ? 'blocked ' + mf.ms(t.lag) + (t.at ? ', ' + mf.placeOf(t.at) : '')
      : t.wait ? file + ': ' + t.wait + (t.wait === 1 ? ' message waits' : ' messages wait') : file;
  }

  function fill(tr, row) {
    const { p, t } = row, cell = tr.children;
    mf.text(cell[0].querySelector('.role'), t.id ? 'thread ' + t.id : p.role + ' main');
    mf.setBadges(cell[0].querySelector('.badges'), badgesOf(t));
    const texts = [t.tid, mf.stateOf(t.st), t.cpu.toFixed(1) + ' %', mf.ms(t.lag), t.wait, t.q, t.in + ' / ' + t.out, mf.bytes(t.heap), whatOf(t)];
    texts.forEach((text, i) => mf.text(cell[i + 1], text));
    mf.attr(cell[5], 'data-waits', t.wait ? 'yes' : null);
    mf.attr(cell[6], 'data-waits', t.q ? 'yes' : null);
  }

  mf.views.push({
    id: 'threads', title: 'Threads',
    make(panel) {
      body = mf.el('tbody');
      none = mf.el('p', { class: 'none', text: 'No thread of this run is traced.' });
      panel.append(mf.table('rows threads', 'Threads that run Lua', columns, (i) => i > 2 && i < 9, body), none,
        mf.el('p', { class: 'legend', text: 'Queue: sent to it, and not received yet. Leaving: in its channels, not yet taken by the system.' }));
    },
    update(run, T, frame) {
      const rows = rowsOf(frame);
      none.hidden = rows.length > 0;
      mf.keyed(body, rows, (row) => row.key, makeRow, fill);
    },
  });
}
