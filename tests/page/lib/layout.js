/* SPDX-License-Identifier: MIT */
/* layout.js - every view at both sizes, light and dark: nothing cut or overlapping, and no fault that axe finds.
 * The pictures are kept in build/page for the eye. */
'use strict';
const { test, views } = require('./page.js');

/* What is cut by a box that does not scroll, hangs out of the window, or lies upon another. */
function faults() {
  const bad = [];
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden' && !e.closest('.unseen, thead') && !e.classList.contains('unseen');
  const name = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (typeof e.className === 'string' && e.className ? '.' + e.className.replace(/ /g, '.') : '') + ' "' + e.textContent.slice(0, 30) + '"';
  const scroller = (e) => { for (let p = e; p; p = p.parentElement) if (/auto|scroll/.test(getComputedStyle(p).overflow + getComputedStyle(p).overflowX)) return p; return null; };
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) bad.push('the page is ' + over + ' px too wide');
  for (const e of document.querySelectorAll('button, select, label, h1, h2, h3, p, td, th, .badge, .letter, .role, .file, .what, .note, .key, dt, dd, li, output')) {
    if (!seen(e) || e.closest('dialog')) continue;
    const r = e.getBoundingClientRect(), box = scroller(e);
    if (!box && (r.left < -1 || r.right > innerWidth + 1)) bad.push('out of the window: ' + name(e));
    if (box && box !== e && getComputedStyle(box).overflowX !== 'auto' && r.right > box.getBoundingClientRect().right + 1) bad.push('cut: ' + name(e));
    if (/hidden|clip/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1) bad.push('cut in itself: ' + name(e));
  }
  const heads = document.querySelector('.lane-heads');
  for (const e of heads && seen(heads) ? heads.querySelectorAll('*') : [])
    if (e.getBoundingClientRect().bottom > heads.getBoundingClientRect().bottom + 1) bad.push('hangs out of the heads: ' + name(e));
  /* What of an element is in sight: boxes that scroll hide the rest. */
  const visible = (e) => {
    const o = e.getBoundingClientRect(), r = { left: o.left, right: o.right, top: o.top, bottom: o.bottom };
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      if (getComputedStyle(p).overflowX === 'visible') continue;
      const c = p.getBoundingClientRect();
      r.left = Math.max(r.left, c.left), r.right = Math.min(r.right, c.right), r.top = Math.max(r.top, c.top), r.bottom = Math.min(r.bottom, c.bottom);
    }
    return r;
  };
  const floats = (e) => e.closest('footer, thead, .lane-heads'); // stays in sight while the rest moves under it
  const boxes = [...document.querySelectorAll('button, select, .badge, .letter, .node, .card, #mode, #summary, h3 > *, .key, svg.lanes text.label, svg.lanes text.time')]
    .filter((e) => seen(e) && !e.closest('dialog') && e.textContent).map((e) => ({ e, r: visible(e) })).filter((o) => o.r.right > o.r.left && o.r.bottom > o.r.top);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i], b = boxes[j];
      if (a.e.contains(b.e) || b.e.contains(a.e) || floats(a.e) !== floats(b.e)) continue;
      const w = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left), h = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      const svg = a.e.closest('svg') && b.e.closest('svg');
      if (w > 2 && h > (svg ? 9 : 2)) bad.push('overlap: ' + name(a.e) + ' and ' + name(b.e));
    }
  return bad;
}

async function axe(t, page, name) {
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  t.ok(violations.length === 0, name + ': axe finds nothing', violations.map((v) => v.id + ': ' + v.help + '\n  ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + '\n    ' + n.failureSummary).join('\n  ')).join('\n'));
}

test(async (t) => {
  const url = await t.serve('small');
  for (const [width, height] of [[1280, 720], [390, 844]])
    for (const dark of [false, true]) {
      const page = await t.open(url, { width, height, dark });
      await page.evaluate(require('fs').readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
      for (const view of views) {
        const name = view + ' ' + width + 'x' + height + (dark ? ' dark' : ' light');
        await t.show(page, view);
        if (view === 'log') await page.selectOption('#kind', 'all');
        await t.drawn(page);
        const bad = await page.evaluate(faults);
        t.ok(bad.length === 0, name + ': nothing is cut or overlaps', bad.slice(0, 12).join('\n'));
        await axe(t, page, name);
        await t.shot(page, name.replace(/ /g, '-'));
      }
      await page.context().close();
    }
});
