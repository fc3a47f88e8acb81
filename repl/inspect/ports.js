/* SPDX-License-Identifier: MIT */
/* ports.js - listening sockets: one inode and its holders; and who was refused. */
{
  let list, refused, none;

  const where = (s) => s.port ? (s.addr.includes(':') ? '[' + s.addr + ']' : s.addr) + ':' + s.port + (s.udp ? ' UDP' : '') : s.addr;

  function makeSocket() {
    return mf.el('section', { class: 'card' },
      mf.el('h3', {}), mf.el('p', { class: 'note' }),
      mf.el('table', {}, mf.el('thead', {}, mf.el('tr', {}, mf.el('th', { scope: 'col', text: 'Holder' }),
        mf.el('th', { scope: 'col', class: 'number', text: 'fd' }), mf.el('th', { scope: 'col', class: 'number', text: 'Accepted' }),
        mf.el('th', { scope: 'col', text: 'Share' }))), mf.el('tbody', {})));
  }

  function makeHolder(h) {
    return mf.el('tr', {}, mf.el('th', { scope: 'row' },
      mf.el('button', { type: 'button', class: 'name', onclick: () => mf.select({ proc: h.p }) },
        mf.el('span', { class: 'letter ' + mf.colour(h.p), text: h.p }), mf.el('span', { class: 'role' }))),
    mf.el('td', { class: 'number' }), mf.el('td', { class: 'number' }),
    mf.el('td', {}, mf.el('meter', { min: 0, 'aria-label': 'accepted connections' })));
  }

  function fillSocket(card, s, frame) {
    const same = frame.so.filter((o) => o !== s && o.port && o.port === s.port && o.udp === s.udp && o.addr === s.addr).length;
    const total = s.h.reduce((sum, h) => sum + h.acc, 0);
    mf.text(card.children[0], where(s) + (s.udp ? ', inode ' : ' LISTEN, inode ') + s.ino);
    mf.text(card.children[1], (s.h.length === 1 ? 'One holder' : s.h.length + ' holders of one socket') +
      (same ? '; ' + (same + 1) + ' sockets share this port (SO_REUSEPORT)' : '') + (s.udp ? '' : ', ' + total + ' connections accepted'));
    mf.keyed(card.querySelector('tbody'), s.h.concat(s.tk || []), (h) => h.p + '/' + h.fd, makeHolder, (tr, h) => {
      const p = frame.of.get(h.p), meter = tr.children[3].firstChild;
      mf.text(tr.querySelector('.role'), p ? p.role + (p.orphan ? ' (orphan)' : '') + (h.fd < 0 && s.h.length ? ', gets from ' + s.h[0].p : '') : '');
      mf.text(tr.children[1], h.fd < 0 ? '-' : h.fd);
      mf.text(tr.children[2], h.acc);
      mf.attr(meter, 'max', Math.max(1, total));
      mf.attr(meter, 'value', h.acc);
    });
  }

  function refusalText(run, r, frame) {
    const by = frame.of.get(r.p), holder = frame.of.get(r.h);
    const held = holder ? mf.label(holder) + ' ' + holder.pid : r.hpid ? (r.hname || 'pid') + ' ' + r.hpid + ', outside this run' : 'somebody outside this run';
    return where(r) + ' ' + r.code + ' for ' + mf.label(by) + (by ? ' ' + by.pid : '') + ' at ' + mf.wall(run, r.t) + ': held by ' + held;
  }

  mf.views.push({
    id: 'ports', title: 'Ports',
    make(panel) {
      list = mf.el('div', { class: 'cards' });
      refused = mf.el('ul', { class: 'refused', 'aria-label': 'Refused in the last 30 seconds' });
      none = mf.el('p', { class: 'none', text: 'No process of this run listens.' });
      panel.append(none, refused, list);
    },
    update(run, T, frame) {
      const no = frame.no.filter((r) => T - r.t < 30000);
      none.hidden = frame.so.length + no.length > 0;
      mf.keyed(list, frame.so, (s) => s.ino, makeSocket, (card, s) => fillSocket(card, s, frame));
      refused.hidden = no.length === 0;
      mf.keyed(refused, no, (r) => r.t + r.p, () => mf.el('li'), (li, r) => mf.text(li, refusalText(run, r, frame)));
    },
  });
}
