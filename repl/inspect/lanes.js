/* SPDX-License-Identifier: MIT */
/* lanes.js - a column for each process and thread, a row for each event, an arrow for each message.
 *
 * Rows are as far apart as they are high, whatever time lies between, so that 0.2 ms and 800 ms can be seen
 * in one picture; the times stand at the left, and how long a message was under way stands at its head. */
{
  const ROW = 28, TOP = 20, GUTTER = 76, COUNT = 120, MOST = 12, LEAST = 104, GAP_MS = 100;
  let box, head, canvas, detail, none, more, shown = '';

  /* ---- what is to be drawn ---- */

  const hidden = { 'hnd.send': true, 'hnd.recv': true, 'proc.spawn': false, mem: true };
  const laneKey = (p, tid, frame) => {
    const proc = frame.of.get(p);
    return proc && proc.th.length > 1 && tid && tid !== proc.th[0].tid ? p + '/' + tid : p;
  };

  const fits = (r) => {
    const level = Number(detail.value);
    return r.p && r.level <= level && !hidden[r.e.name] && (level >= 9 || !(r.flags & mf.INTERNAL));
  };

  mf.stepFits = (r) => fits(r);

  /* The lanes in the order of letters: those with events in sight and those that messages go to. */
  function lanesOf(rows, frame) {
    const keys = new Map();
    const add = (p, tid) => {
      const key = p && laneKey(p, tid, frame);
      if (key && !keys.has(key)) keys.set(key, { key, p, tid });
    };
    for (const r of rows) {
      add(r.p, r.tid);
      add(r.peer, r.ptid);
    }
    for (const p of frame.p) if (!p.ended && p.th.some((t) => t.blocked)) add(p.id, 0);
    const order = new Map(frame.p.map((p, i) => [p.id, i]));
    return [...keys.values()].sort((a, b) => (order.get(a.p) - order.get(b.p)) || a.key.localeCompare(b.key));
  }

  /* Records of handles belong to the message that carried them. */
  function handlesOf(run, T) {
    const map = new Map();
    for (const r of run.recordsAt(T, COUNT * 2, (r) => r.e.name === 'hnd.send' || r.e.name === 'hnd.recv'))
      map.set(r.v.ch + ':' + r.v.mid + ':' + (r.flags & 4), r);
    return map;
  }

  function plan(run, T, frame, seen) {
    const rows = run.recordsAt(T, COUNT, fits), all = lanesOf(rows, frame);
    const lanes = all.slice(0, MOST), width = Math.max(seen, GUTTER + lanes.length * LEAST);
    const at = new Map(lanes.map((lane, i) => [lane.key, i]));
    const kept = rows.filter((r) => at.has(laneKey(r.p, r.tid, frame)));
    const laneWidth = (width - GUTTER) / Math.max(1, lanes.length);
    const y = new Map(kept.map((r, i) => [r.n, TOP + i * ROW]));
    const waiting = frame.p.some((p) => !p.ended && p.th.some((t) => t.blocked)) || kept.some((r) => mf.isSend(r) && (r.mate < 0 || r.mt > T));
    return { run, T, frame, rows: kept, lanes, more: all.length - lanes.length, at, laneWidth, y, width,
      height: TOP * 2 + kept.length * ROW + (waiting ? ROW * 2 : 0), handles: handlesOf(run, T) };
  }

  const laneX = (d, i) => GUTTER + d.laneWidth * (i + 0.5);
  const xOf = (d, p, tid) => {
    const i = d.at.get(laneKey(p, tid, d.frame));
    return i === undefined ? null : laneX(d, i);
  };

  /* Where a time lies between the rows. */
  function yAt(d, t) {
    const rows = d.rows;
    if (!rows.length || t <= rows[0].t) return 0;
    const last = rows[rows.length - 1], lastY = d.y.get(last.n);
    if (t >= last.t) return lastY + Math.min(1, (t - last.t) / Math.max(0.001, d.T - last.t)) * (d.height - 12 - lastY);
    let i = 0;
    while (rows[i + 1].t <= t) i++;
    const span = rows[i + 1].t - rows[i].t;
    return d.y.get(rows[i].n) + (span > 0 ? (t - rows[i].t) / span : 0) * ROW;
  }

  /* ---- shapes ---- */

  const line = (x1, y1, x2, y2, cls) => mf.svg('line', { x1, y1, x2, y2, class: cls });

  function write(d, x, y, text, side, cls, room) {
    const columns = Math.max(4, Math.floor((room || d.laneWidth - 16) / 6.7));
    return mf.svg('text', { x: x + side * 9, y, class: cls, 'text-anchor': side < 0 ? 'end' : 'start', text: mf.cut(text, columns) });
  }

  function drawLife(d, lane, i) {
    const p = d.frame.of.get(lane.p), x = laneX(d, i);
    const from = p && p.began > (d.rows.length ? d.rows[0].t : 0) ? yAt(d, p.began) : 0;
    const to = p && p.ended ? yAt(d, p.end) : d.height;
    const parts = [line(x, from, x, Math.max(from, to), 'life ' + mf.colour(lane.p))];
    if (p && p.ended && to > 0 && to < d.height) {
      parts.push(mf.svg('path', { d: `M${x - 6} ${to - 6}l12 12m0 -12l-12 12`, class: 'end' }));
    }
    return parts;
  }

  /* How long, and below it where; one line when the bar is too short for two. */
  function drawBlock(d, x, from, to, ms, place) {
    const top = Math.max(0, yAt(d, from)), bottom = Math.max(top + 8, yAt(d, to)), middle = Math.max(12, (top + bottom) / 2 + 4);
    const side = x > d.width - d.laneWidth ? -1 : 1, bar = mf.svg('rect', { x: x - 7, y: top, width: 14, height: bottom - top, class: 'block', fill: 'url(#hatch)' });
    if (bottom - top < ROW) return [bar, write(d, x, middle, ms + ' ' + place, side, 'label late', d.laneWidth - 26)];
    return [bar, write(d, x, middle - 8, ms, side, 'label late', d.laneWidth - 26), write(d, x, middle + 8, place, side, 'label late', d.laneWidth + 16)];
  }

  function blocksOf(d) {
    const parts = [];
    for (const r of d.rows) {
      const x = r.e.name === 'loop.block' && xOf(d, r.p, r.tid);
      if (x) parts.push(...drawBlock(d, x, r.t - r.v.wall, r.t, mf.ms(r.v.wall), mf.placeOf({ file: r.x.file, line: r.v.line, fn: r.x.fn })));
    }
    for (const p of d.frame.p)
      for (const t of p.th) {
        const x = !p.ended && t.blocked ? xOf(d, p.id, t.tid) : null;
        if (x) parts.push(...drawBlock(d, x, t.busy === undefined ? d.T : t.busy, d.T + 1, mf.ms(t.lag), mf.placeOf(t.at)));
      }
    return parts;
  }

  const handleOf = (d, r) => d.handles.get(r.v.ch + ':' + r.v.mid + ':' + (r.flags & 4));

  /* The arrow from a send to its receive; one that has not come yet ends dashed. */
  function drawArrow(d, r) {
    const x1 = xOf(d, r.p, r.tid), x2 = xOf(d, r.peer, r.ptid), y1 = d.y.get(r.n);
    if (x2 === null || x1 === null) return [];
    const y2 = d.y.get(r.mate), waits = r.mate < 0 || r.mt > d.T, latency = d.run.latency(r);
    const handle = Boolean(r.flags & mf.HANDLE) || Boolean(handleOf(d, r));
    const late = waits ? d.T - r.t > d.run.lateMs : latency > d.run.lateMs;
    const end = y2 !== undefined && !waits ? y2 : waits ? d.height - 14 : y1 + ROW * 0.6;
    const side = x2 === x1 ? 0 : x2 > x1 ? 1 : -1, cls = 'arrow' + (handle ? ' handle' : '') + (late ? ' late' : '') + (waits ? ' waits' : '');
    const path = side ? `M${x1 + side * 5} ${y1}L${x2 - side * 11} ${end}` : `M${x1} ${y1}q40 ${(end - y1) / 2} 8 ${end - y1}`;
    const parts = [mf.svg('path', { d: path, class: cls })];
    if (handle) parts.push(mf.svg('path', { d: path, class: 'arrow inner' }));
    parts.push(mf.svg('path', { d: `M0 0l-10 -4.5v9z`, class: cls + ' tip',
      transform: `translate(${x2 - side * 4} ${end}) rotate(${Math.atan2(end - y1, x2 - x1) * 180 / Math.PI})` }));
    if (waits) parts.push(write(d, x2, end - 7, late ? 'waits ' + mf.ms(d.T - r.t) : 'on its way', -side || 1, 'label' + (late ? ' late' : ''), d.laneWidth));
    return parts;
  }

  function textOf(d, r) {
    if (mf.isSend(r)) {
      const h = handleOf(d, r);
      return (h ? '[H ' + (h.x.type || 'handle') + (h.v.port ? ' ' + h.v.port : '') + '] ' : '') + (r.x.preview || 'message ' + r.v.mid);
    }
    if (mf.isReceive(r)) {
      const latency = d.run.latency(r);
      if (latency === null) return 'received ' + r.v.mid;
      return '+' + mf.ms(latency) + (latency > d.run.lateMs ? ' late' : '');
    }
    if (r.e.name === 'proc.spawn') {
      const child = d.frame.p.find((p) => p.pid === r.v.child && p.par === r.p);
      return 'spawn ' + (r.peer || (child ? child.id : r.v.child)) + ' ' + mf.textOf('file', r.x.file);
    }
    if (r.e.name === 'loop.block') return '';
    return r.e.name + ' ' + mf.words(r);
  }

  /* For a screen reader, and for the details: the whole of it. */
  function tell(run, frame, r) {
    const latency = run.latency(r), peer = r.peer && frame.of.get(r.peer);
    return mf.seconds(r.t) + ', ' + mf.label(frame.of.get(r.p)) + ', ' + r.e.name +
      (peer ? (mf.isReceive(r) ? ' from ' : ' to ') + mf.label(peer) : '') +
      (latency === null ? '' : ', under way ' + latency.toFixed(3) + ' ms') + (mf.words(r) ? ', ' + mf.words(r) : '');
  }

  mf.tell = tell;

  function drawRecord(d, r, labels) {
    const x = xOf(d, r.p, r.tid), y = d.y.get(r.n), late = d.run.latency(r) > d.run.lateMs;
    const other = mf.isMessage(r) ? xOf(d, r.peer, r.ptid) : null, toLeft = other !== null && other < x;
    const text = textOf(d, r), edge = mf.isReceive(r) && (toLeft ? d.width - x : x - GUTTER) < text.length * 7 + 16;
    const side = mf.isSend(r) || edge ? (toLeft ? -1 : 1) : mf.isReceive(r) ? (toLeft ? 1 : -1) : x > d.width - d.laneWidth ? -1 : 1;
    const room = side < 0 || mf.isMessage(r) ? d.laneWidth - 14 : Math.min(2 * d.laneWidth, d.width - x) - 26;
    const mark = mf.isMessage(r) ? mf.svg('circle', { cx: x, cy: y, r: 4, class: 'dot ' + mf.colour(r.p) })
      : mf.svg('rect', { x: x - 4, y: y - 4, width: 8, height: 8, class: 'dot ' + mf.colour(r.p) });
    labels.append(mf.svg('text', { x: GUTTER - 8, y: y + 4, class: 'time', 'text-anchor': 'end', text: (r.t / 1000).toFixed(4) + ' s' }),
      write(d, x, edge ? y + 16 : mf.isSend(r) ? y - 5 : y + 4, text, side, 'label' + (late ? ' late' : ''), room));
    return mf.svg('g', { class: 'record', role: 'button', tabindex: -1, 'data-n': r.n, 'data-event': r.e.name,
      'data-focus': 'lane' + r.n, 'aria-label': tell(d.run, d.frame, r) },
    mf.svg('rect', { x: 0, y: y - ROW / 2, width: d.width, height: ROW, class: 'hit' }), mark);
  }

  function gapsOf(d) {
    const parts = [];
    for (let i = 1; i < d.rows.length; i++) {
      const gap = d.rows[i].t - d.rows[i - 1].t;
      if (gap >= GAP_MS) parts.push(line(0, d.y.get(d.rows[i].n) - ROW / 2, d.width, d.y.get(d.rows[i].n) - ROW / 2, 'gap'));
    }
    return parts;
  }

  function hatch() {
    return mf.svg('defs', {}, mf.svg('pattern', { id: 'hatch', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      mf.svg('rect', { width: 6, height: 6, class: 'hatch-ground' }), mf.svg('rect', { width: 3, height: 6, class: 'hatch-line' })));
  }

  const badgeOf = (p) => !p ? null : p.th.some((t) => t.blocked) ? ['block', 'BLOCK'] : p.orphan && !p.ended ? ['orphan', 'ORPHAN']
    : p.ended ? ['gone', p.sig || 'ended'] : null;

  function drawHead(d) {
    const badges = d.lanes.some((lane) => badgeOf(d.frame.of.get(lane.p)));
    mf.attr(head, 'class', 'lane-heads' + (badges ? ' tall' : ''));
    head.style.width = d.width + 'px';
    head.replaceChildren(...d.lanes.map((lane, i) => {
      const p = d.frame.of.get(lane.p), thread = lane.key.includes('/') && p && p.th.find((t) => t.tid === lane.tid);
      const cell = mf.el('div', { class: 'lane' },
        mf.el('span', { class: 'letter ' + mf.colour(lane.p), text: lane.p }),
        mf.el('span', { class: 'role', text: thread ? 'thread ' + thread.id : p ? p.role : '' }));
      cell.style.left = GUTTER + d.laneWidth * i + 'px';
      cell.style.width = d.laneWidth + 'px';
      const badge = badgeOf(p);
      if (badge) cell.append(mf.badge(badge[0], badge[1]));
      return cell;
    }));
  }

  function draw(d) {
    const parts = [hatch(), ...gapsOf(d)];
    d.lanes.forEach((lane, i) => parts.push(...drawLife(d, lane, i)));
    parts.push(...blocksOf(d));
    for (const r of d.rows) if (mf.isSend(r)) parts.push(...drawArrow(d, r));
    const labels = mf.svg('g', { 'aria-hidden': 'true' });
    const records = mf.svg('g', { class: 'records' }, ...d.rows.map((r) => drawRecord(d, r, labels)));
    mf.attr(canvas, 'viewBox', '0 0 ' + d.width + ' ' + d.height);
    mf.attr(canvas, 'width', d.width);
    mf.attr(canvas, 'height', d.height);
    canvas.replaceChildren(mf.svg('g', { 'aria-hidden': 'true' }, ...parts), labels, records);
    const last = canvas.querySelector('.record:last-of-type');
    if (last) last.setAttribute('tabindex', 0);
  }

  /* ---- keys and the pointer ---- */

  function choose(g, pinned) {
    const n = g && g.closest('.record');
    if (n) mf.select({ record: Number(n.getAttribute('data-n')) }, !pinned);
  }

  function onKey(event) {
    const g = event.target.closest('.record');
    if (!g) return;
    let next = null;
    if (event.key === 'ArrowDown') next = g.nextElementSibling;
    else if (event.key === 'ArrowUp') next = g.previousElementSibling;
    else if (event.key === 'Home') next = canvas.querySelector('.record');
    else if (event.key === 'End') next = canvas.querySelector('.record:last-of-type');
    else if (event.key === 'Enter' || event.key === ' ') choose(g, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next && next.classList.contains('record')) {
      g.setAttribute('tabindex', -1);
      next.setAttribute('tabindex', 0);
      next.focus();
    }
  }

  function listen() {
    canvas.addEventListener('keydown', onKey);
    canvas.addEventListener('pointerover', (event) => choose(event.target, false));
    canvas.addEventListener('focusin', (event) => choose(event.target, false));
    canvas.addEventListener('click', (event) => choose(event.target, true));
    detail.addEventListener('change', () => { shown = ''; mf.refresh(); });
  }

  mf.views.push({
    id: 'lanes', title: 'Lanes',
    make(panel) {
      detail = mf.el('select', { id: 'level' });
      const names = { 1: 'processes and ports', 2: 'and handles, blocks', 3: 'and messages', 4: 'and output, connections', 6: 'and long turns, the pool', 9: 'everything' };
      for (const level in names) detail.append(mf.el('option', { value: level, text: level + ' ' + names[level] }));
      detail.value = '3';
      head = mf.el('div', { class: 'lane-heads' });
      canvas = mf.svg('svg', { class: 'lanes', role: 'group', 'aria-label': 'Events in the order of time' });
      none = mf.el('p', { class: 'none', text: 'Nothing of this level of detail has happened yet.' });
      more = mf.el('span', { class: 'note' });
      box = mf.el('div', { class: 'lane-box' }, head, canvas);
      panel.append(mf.el('div', { class: 'bar' }, mf.el('label', { class: 'pick' }, 'Detail ', detail),
        mf.el('span', { class: 'key', text: '▬▶ message' }), mf.el('span', { class: 'key handle', text: '═▶ with a handle' }),
        mf.el('span', { class: 'key late', text: '▬▶ late' }), mf.el('span', { class: 'key', text: '▨ blocked loop' }), more), none, box);
      listen();
    },
    update(run, T, frame) {
      const d = plan(run, T, frame, Math.max(300, box.clientWidth - 4)), width = d.width;
      const last = d.rows[d.rows.length - 1];
      const now = [width, last && last.n, d.rows.length, d.rows.filter((r) => r.mate >= 0 && r.mt <= T).length, detail.value, d.lanes.map((l) => l.key),
        frame.p.map((p) => [p.ended, p.orphan, p.th.map((t) => t.blocked && Math.round(t.lag / 100))]),
        d.rows.some((r) => mf.isSend(r) && (r.mate < 0 || r.mt > T)) && Math.round(T / 200)].join();
      if (now === shown) return;
      shown = now;
      const follows = box.scrollTop + box.clientHeight > box.scrollHeight - 40;
      none.hidden = d.rows.length > 0;
      mf.text(more, d.more > 0 ? d.more + (d.more === 1 ? ' more lane has' : ' more lanes have') + ' no room here' : '');
      drawHead(d);
      mf.keepFocus(() => draw(d));
      if (follows) box.scrollTop = box.scrollHeight;
    },
  });
}
