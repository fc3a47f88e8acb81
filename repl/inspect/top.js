/* SPDX-License-Identifier: MIT */
/* top.js - a line for each process and thread. */
{
  const columns = ['Process', 'PID', 'State', 'CPU', 'RSS', 'Loop lag', 'In / out', 'Queue', 'Ports', 'Since'];
  let body, none;

  function rowsOf(frame) {
    const rows = [];
    for (const p of frame.p) {
      rows.push({ p, t: p.th[0], key: p.id });
      for (const t of p.th.slice(1)) rows.push({ p, t, key: p.id + '/' + t.tid, sub: true });
    }
    return rows;
  }

  function makeRow(row, key) {
    const name = mf.nameButton(row.p.id, row.sub && '└');
    const tr = mf.el('tr', { class: row.sub ? 'sub' : null, 'data-key': key },
      mf.el('th', { scope: 'row' }, mf.el('div', { class: 'who' }, name, mf.el('span', { class: 'file' }), mf.el('span', { class: 'badges' }))));
    for (let i = 1; i < columns.length; i++) tr.append(mf.el('td', { class: i > 2 && i !== 8 ? 'number' : null }));
    tr.children[5].append(mf.el('span', { class: 'value' }), mf.el('span', { class: 'spark', 'aria-hidden': 'true' }));
    return tr;
  }

  const base = (path) => path.replace(/^.*\//, '');

  function portsOf(ports, p) {
    const held = ports.get(p.id);
    return held ? held.join(' ') : '';
  }

  function fill(tr, row, run, T, ports) {
    const { p, t, sub } = row, cell = tr.children;
    const curve = t && run.curves.get(p.id + '/' + t.tid);
    mf.text(cell[0].querySelector('.role'), sub ? 'thread ' + t.id : p.role + (p.num ? ' #' + p.num : ''));
    mf.text(cell[0].querySelector('.file'), sub ? base(t.file) : p.args || base(p.name));
    mf.attr(cell[0].firstChild.firstChild, 'title', p.args || p.name);
    mf.setBadges(cell[0].querySelector('.badges'), sub ? (t.blocked ? [['block', 'BLOCK']] : []) : mf.badgesOf(p));
    mf.attr(tr, 'data-ended', p.ended ? 'yes' : null);
    mf.text(cell[1], sub ? 'tid ' + t.tid : p.pid);
    mf.text(cell[2], mf.stateOf(sub ? t.st : p.st));
    mf.text(cell[3], p.ended ? '' : (sub ? t.cpu : p.cpu).toFixed(1) + ' %');
    mf.text(cell[4], sub || p.ended ? '' : mf.bytes(p.rss));
    mf.text(cell[5].firstChild, t && !p.ended ? mf.ms(t.lag) : '');
    mf.text(cell[5].lastChild, curve && !p.ended ? mf.spark(curve.upTo(T, 4000).slice(-8).map((c) => c.lag)) : '');
    mf.attr(cell[5], 'data-empty', t && !p.ended ? null : 'yes');
    mf.text(cell[6], t ? t.in + ' / ' + t.out : '');
    mf.text(cell[7], t && !p.ended ? t.wait || t.q : '');
    mf.text(cell[8], sub ? '' : portsOf(ports, p));
    mf.text(cell[9], mf.span((p.ended ? p.end : T) - (p.began || 0)));
  }

  /* Which ports a process holds: a star for the one whose socket it is, else the letter of that one; "<": it
   * holds none and gets connections from that one. */
  function portMap(frame) {
    const map = new Map();
    const add = (s, p, sign) => {
      if (!map.has(p)) map.set(p, []);
      map.get(p).push((s.port || s.addr.replace(/^.*\//, '')) + (s.udp ? '/udp' : '') + sign);
    };
    for (const s of frame.so) {
      s.h.forEach((h, i) => add(s, h.p, i ? '=' + s.h[0].p : '*'));
      for (const h of s.tk || []) add(s, h.p, '<' + s.h[0].p);
    }
    return map;
  }

  mf.views.push({
    id: 'top', title: 'Processes',
    make(root) {
      body = mf.el('tbody');
      none = mf.el('p', { class: 'none', text: 'No process of this run has been seen yet.' });
      root.append(mf.table('top', 'Processes and threads of this run', columns, (i) => i > 2 && i !== 5 && i !== 8, body), none);
    },
    update(run, T, frame) {
      const ports = portMap(frame), rows = rowsOf(frame);
      none.hidden = rows.length > 0;
      mf.keyed(body, rows, (row) => row.key, makeRow, (tr, row) => fill(tr, row, run, T, ports));
    },
  });
}
