/* SPDX-License-Identifier: MIT */
/* curves.js - three views of what changes all the time: the loops, memory, the pool. */
{
  const SPANS_MS = [15000, 30000, 60000], MOST = 40, WIDTH = 600, HEIGHT = 72;
  const marks = ['idle', 'timers', 'input and output', 'Lua for more than 10 ms', 'blocked'];
  const heights = [1, 6, 10, 16, 24];

  /* What a picture spans at T: a minute, but less of a run that has just begun. */
  const spanOf = (run, T) => SPANS_MS.find((span) => T - run.first <= span) || SPANS_MS[SPANS_MS.length - 1];

  const spanWords = (span) => 'The last ' + (span === 60000 ? 'minute' : span / 1000 + ' s');

  const threadsOf = (frame) => {
    const all = [];
    for (const p of frame.p) if (!p.ended) for (const t of p.th) if (!t.ended) all.push({ p, t, key: p.id + '/' + t.tid });
    return all;
  };

  const nameOf = (row) => row.t && row.t.id ? row.p.id + ' thread ' + row.t.id : mf.label(row.p);

  /* ---- loops ---- */

  /* One path for each kind of slot, so that a minute is five elements. */
  function stripPaths(slots) {
    const paths = ['', '', '', '', ''];
    for (let i = 0, from = 0; i < slots.length; i++) {
      if (i + 1 < slots.length && slots[i + 1] === slots[i]) continue;
      const h = heights[slots[i]];
      paths[slots[i]] += `M${from} ${24 - h}h${i + 1 - from}v${h}h${from - i - 1}z`;
      from = i + 1;
    }
    return paths;
  }

  function stripWords(slots, span) {
    const counts = [0, 0, 0, 0, 0];
    for (const s of slots) counts[s]++;
    return spanWords(span) + ': ' + marks.map((name, i) => name + ' ' + (counts[i] * mf.slot / 1000).toFixed(1) + ' s').join(', ');
  }

  function chart(kinds) {
    const svg = mf.svg('svg', { class: 'curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
      mf.svg('line', { x1: 0, y1: HEIGHT - 1, x2: WIDTH, y2: HEIGHT - 1, class: 'axis' }), mf.svg('line', { x1: 0, y1: 1, x2: WIDTH, y2: 1, class: 'axis' }));
    for (const kind of kinds) svg.append(mf.svg('path', { class: 'trace ' + kind }));
    return svg;
  }

  /* Draws the fields of the points over the span; returns the greatest value. */
  function plot(svg, points, T, span, fields, least) {
    const max = Math.max(least, ...points.map((c) => Math.max(...fields.map((f) => c[f]))));
    fields.forEach((field, i) => {
      const path = points.map((c, n) => (n ? 'L' : 'M') + Math.max(0, WIDTH - (T - c.t) / span * WIDTH).toFixed(1) + ' ' +
        (HEIGHT - 1 - c[field] / max * (HEIGHT - 4)).toFixed(1)).join('');
      mf.attr(svg.children[2 + i], 'd', path || 'M0 0');
    });
    return max;
  }

  function makeRow(row, kinds) {
    return mf.el('section', { class: 'card loop' },
      mf.el('h3', {}, mf.el('span', { class: 'letter ' + mf.colour(row.p.id), text: row.p.id }), mf.el('span', { class: 'role' }), mf.el('span', { class: 'badges' })),
      mf.el('p', { class: 'note' }), ...kinds);
  }

  function makeLoop(row) {
    return makeRow(row, [mf.svg('svg', { class: 'strip', preserveAspectRatio: 'none', role: 'img' },
      ...marks.map((name, i) => mf.svg('path', { class: 'slot' + i }))), chart(['lag'])]);
  }

  function fillLoop(card, row, run, T) {
    const curve = run.curveOf(row.p.id, row.t.tid), span = spanOf(run, T), slots = curve.slotsAt(T, span / mf.slot);
    const [strip, lag] = card.querySelectorAll('svg');
    const max = plot(lag, [...curve.upTo(T, span), { t: T, lag: row.t.lag }], T, span, ['lag'], 10);
    mf.attr(strip, 'viewBox', `0 0 ${slots.length} 24`);
    stripPaths(slots).forEach((path, i) => mf.attr(strip.children[i], 'd', path || 'M0 0'));
    mf.attr(strip, 'aria-label', stripWords(slots, span));
    mf.attr(lag, 'aria-label', 'loop lag, at most ' + mf.ms(max) + '. ' + spanWords(span));
    mf.text(card.querySelector('.role'), row.t.id ? 'thread ' + row.t.id : row.p.role);
    mf.setBadges(card.querySelector('.badges'), row.t.blocked ? [['block', 'BLOCK']] : []);
    mf.text(card.querySelector('.note'), row.t.blocked ? 'blocked for ' + mf.ms(row.t.lag) + ', ' + mf.placeOf(row.t.at)
      : 'lag ' + mf.ms(row.t.lag) + '; the curve reaches up to ' + mf.ms(max));
  }

  let loops, loopsMore, loopsSpan;
  mf.views.push({
    id: 'loops', title: 'Loops',
    make(panel) {
      loops = mf.el('div', { class: 'cards' });
      loopsMore = mf.el('p', { class: 'legend' });
      loopsSpan = mf.el('span', { class: 'key' });
      panel.append(mf.el('p', { class: 'legend' }, loopsSpan, ...marks.map((name, i) =>
        mf.el('span', { class: 'key strip-key slot' + i, text: '.ti#!'[i] + ' ' + name }))), loops, loopsMore);
    },
    update(run, T, frame) {
      const all = threadsOf(frame), some = all.slice().sort((a, b) => b.t.blocked - a.t.blocked || 0);
      const rows = all.length > MOST ? some.slice(0, MOST) : all;
      mf.text(loopsSpan, spanWords(spanOf(run, T)) + ', 50 ms a column:');
      mf.keyed(loops, rows, (row) => row.key, makeLoop, (card, row) => fillLoop(card, row, run, T));
      mf.text(loopsMore, all.length > MOST ? all.length - MOST + ' more loops are not drawn' : all.length ? '' : 'No loop is traced.');
    },
  });

  /* ---- memory ---- */

  function fillMemory(card, row, run, T) {
    const curve = run.curveOf(row.p.id, row.t ? row.t.tid : row.p.pid), span = spanOf(run, T), points = curve.upTo(T, span);
    const last = points[points.length - 1] || { rss: row.p.rss, heap: 0, buf: 0 };
    const svg = card.querySelector('svg');
    const thread = Boolean(row.t && row.t.id);
    const max = plot(svg, points, T, span, thread ? ['heap', 'buf'] : ['rss', 'heap', 'buf'], 1024);
    const words = (thread ? 'Lua heap ' : 'RSS ' + mf.bytes(last.rss) + ', Lua heap ') + mf.bytes(last.heap) + ', buffers ' + mf.bytes(last.buf);
    mf.text(card.querySelector('.role'), thread ? 'thread ' + row.t.id : row.p.role);
    mf.text(card.querySelector('.note'), words + (row.t ? '' : ' (no trace: RSS alone)'));
    mf.attr(svg, 'aria-label', words + ', at most ' + mf.bytes(max));
  }

  let memory, memoryMore, memorySpan;
  mf.views.push({
    id: 'memory', title: 'Memory',
    make(panel) {
      memory = mf.el('div', { class: 'cards' });
      memoryMore = mf.el('p', { class: 'legend' });
      memorySpan = mf.el('span', { class: 'key' });
      panel.append(mf.el('p', { class: 'legend' }, memorySpan, mf.el('span', { class: 'key rss', text: '━ whole process (RSS)' }),
        mf.el('span', { class: 'key heap', text: '╍ Lua heap' }), mf.el('span', { class: 'key buf', text: '┅ buffers' })), memory, memoryMore);
    },
    update(run, T, frame) {
      const all = threadsOf(frame);
      for (const p of frame.p) if (!p.ended && !p.th.length) all.push({ p, t: null, key: p.id });
      mf.text(memorySpan, spanWords(spanOf(run, T)) + ':');
      mf.keyed(memory, all.slice(0, MOST), (row) => row.key, (row) => makeRow(row, [chart(row.t && row.t.id ? ['heap', 'buf'] : ['rss', 'heap', 'buf'])]),
        (card, row) => fillMemory(card, row, run, T));
      mf.text(memoryMore, all.length > MOST ? all.length - MOST + ' more are not drawn' : all.length ? '' : 'Nothing runs.');
    },
  });

  /* ---- the pool ---- */

  function makeSlot() {
    return mf.el('div', { class: 'slot' }, mf.el('span', { class: 'what' }), mf.el('span', { class: 'note' }));
  }

  function fillPool(card, row, T) {
    const pool = row.t.pool;
    const slots = pool.slots.map((s, i) => ({ i, s }));
    for (let i = slots.length; i < pool.size; i++) slots.push({ i, s: {} });
    for (let i = 0; i < Math.min(pool.queued, 24); i++) slots.push({ i: 'q' + i, s: null });
    mf.text(card.querySelector('.role'), nameOf(row).slice(row.p.id.length + 1));
    mf.text(card.querySelector('.note'), pool.running + ' of ' + pool.size + ' threads work' +
      (pool.queued ? '; ' + pool.queued + (pool.queued === 1 ? ' job waits' : ' jobs wait') + (pool.running >= pool.size ? ' because all threads are busy' : '') : '; nothing waits'));
    mf.keyed(card.querySelector('.slots'), slots, (o) => String(o.i), makeSlot, (element, o) => {
      const busy = o.s && o.s.since !== undefined && o.s.kind;
      mf.attr(element, 'class', 'slot ' + (!o.s ? 'queued' : busy ? 'busy' : 'idle'));
      mf.text(element.firstChild, !o.s ? 'waits' : busy ? o.s.kind : 'free');
      mf.text(element.lastChild, busy ? mf.ms(Math.max(0, T - o.s.since)) : '');
    });
  }

  let pools, poolsNone;
  mf.views.push({
    id: 'pool', title: 'Pool',
    make(panel) {
      pools = mf.el('div', { class: 'cards' });
      poolsNone = mf.el('p', { class: 'none', text: 'No process has used its thread pool yet: files, DNS and crypto do.' });
      panel.append(poolsNone, pools);
    },
    update(run, T, frame) {
      const rows = threadsOf(frame).filter((row) => row.t.pool);
      poolsNone.hidden = rows.length > 0;
      mf.keyed(pools, rows.slice(0, MOST), (row) => row.key, (row) => makeRow(row, [mf.el('div', { class: 'slots' })]),
        (card, row) => fillPool(card, row, T));
    },
  });
}
