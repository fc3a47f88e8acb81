/* SPDX-License-Identifier: MIT */
/* taps.js - the standard streams of each process: bytes written, bytes read by the parent, a full pipe. */
{
  const columns = ['Process', 'stdin', 'stdout', 'stderr'];
  const TOLD = 1, FULL = 2, WAS_FULL = 4;
  let body, none;

  function makeRow(p) {
    const tr = mf.el('tr', { 'data-key': p.id }, mf.el('th', { scope: 'row' }, mf.el('div', { class: 'who' },
      mf.nameButton(p.id), mf.el('span', { class: 'file' }))));
    for (let fd = 0; fd < 3; fd++)
      tr.append(mf.el('td', { 'data-label': columns[fd + 1] }, mf.el('div', { class: 'tap' },
        mf.el('span', { class: 'value' }), mf.el('span', { class: 'badges' }), mf.el('span', { class: 'note' }))));
    return tr;
  }

  /* What has gone through, and in words who tells so. */
  function words(p, fd, own, parents, told) {
    if (fd === 0) return told ? [mf.bytes(parents), 'written by its parent'] : [mf.bytes(own), own ? 'read by itself' : ''];
    const read = told ? mf.bytes(parents) + ' read by its parent' : '';
    if (!p.traced) return told ? [mf.bytes(parents), 'read by its parent'] : ['?', 'not traced'];
    return [mf.bytes(own), told && own > parents ? read + ', ' + mf.bytes(own - parents) + ' on the way' : read];
  }

  function fill(tr, p) {
    mf.text(tr.querySelector('.role'), p.role + (p.num ? ' #' + p.num : ''));
    mf.text(tr.querySelector('.file'), p.name.replace(/^.*\//, ''));
    mf.attr(tr, 'data-ended', p.ended ? 'yes' : null);
    for (let fd = 0; fd < 3; fd++) {
      const [own, parents, flags] = p.tap ? p.tap[fd] : [0, 0, 0], cell = tr.children[fd + 1].firstChild;
      const [value, note] = words(p, fd, own, parents, flags & TOLD);
      mf.text(cell.children[0], value);
      mf.attr(cell.children[0], 'data-zero', value === '0 B' ? 'yes' : null);
      mf.setBadges(cell.children[1], flags & FULL && !p.ended ? [['block', 'FULL']] : flags & WAS_FULL ? [['quiet', 'was full']] : []);
      mf.text(cell.children[2], note);
    }
  }

  mf.views.push({
    id: 'taps', title: 'Streams',
    make(panel) {
      body = mf.el('tbody');
      none = mf.el('p', { class: 'none', text: 'No process of this run has been seen yet.' });
      panel.append(mf.table('rows taps', 'Bytes on the standard streams', columns, () => false, body), none,
        mf.el('p', { class: 'legend', text: 'FULL: the pipe takes no more until somebody reads; who writes has to wait.' }));
    },
    update(run, T, frame) {
      none.hidden = frame.p.length > 0;
      mf.keyed(body, frame.p, (p) => p.id, makeRow, fill);
    },
  });
}
