/* SPDX-License-Identifier: MIT */
/* base.js - what every view uses: elements, words for numbers, lists that keep their elements.
 *
 * Whatever comes from a program is shown through textContent, never as markup. The files are put together
 * into one script, in the order of assets.c; each is a block, and `mf` is what they share. */
'use strict';

const mf = { views: [] };

{
  const SVG = 'http://www.w3.org/2000/svg';
  const han = /\p{Script=Han}/u;

  function attributes(element, attrs) {
    for (const name in attrs) {
      const value = attrs[name];
      if (value === undefined || value === null || value === false) continue;
      if (name === 'text') mf.text(element, value);
      else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value === true ? '' : value);
    }
  }

  mf.el = (tag, attrs, ...children) => {
    const element = document.createElement(tag);
    attributes(element, attrs);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  mf.svg = (tag, attrs, ...children) => {
    const element = document.createElementNS(SVG, tag);
    attributes(element, attrs);
    element.append(...children);
    return element;
  };

  mf.by = (id) => document.getElementById(id);

  /* Sets the text when it differs; words in Chinese are said to be so, for fonts and screen readers. */
  mf.text = (element, text) => {
    const value = String(text);
    if (element.textContent === value) return;
    element.textContent = value;
    if (han.test(value)) element.setAttribute('lang', 'zh');
    else if (element.hasAttribute('lang')) element.removeAttribute('lang');
  };

  mf.attr = (element, name, value) => {
    if (value === null || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  };

  /* Makes the children of `parent` those of `items`: an element stays with its key. */
  mf.keyed = (parent, items, keyOf, make, update) => {
    const had = parent.mfKeys || new Map(), now = new Map();
    let at = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let element = had.get(key);
      if (!element) element = make(item, key);
      now.set(key, element);
      if (element === at) at = at.nextElementSibling;
      else parent.insertBefore(element, at);
      update(element, item);
    }
    while (at) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
    parent.mfKeys = now;
  };

  /* ---- words ---- */

  mf.bytes = (n) => n >= 1e9 ? (n / 1073741824).toFixed(1) + ' GiB'
    : n >= 1e6 ? (n / 1048576).toFixed(1) + ' MiB' : n >= 1000 ? (n / 1024).toFixed(0) + ' KiB' : n + ' B';

  mf.ms = (n) => n >= 10000 ? (n / 1000).toFixed(1) + ' s' : n >= 10 ? n.toFixed(0) + ' ms' : n.toFixed(n > 0 && n < 1 ? 2 : 1) + ' ms';

  mf.seconds = (ms) => (ms / 1000).toFixed(3) + ' s';

  mf.span = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000)), pad = (n) => String(n).padStart(2, '0');
    return s >= 3600 ? Math.floor(s / 3600) + ':' + pad(Math.floor(s / 60) % 60) + ':' + pad(s % 60)
      : pad(Math.floor(s / 60)) + ':' + pad(s % 60);
  };

  mf.wall = (run, t) => {
    const d = new Date(run.wall + t), pad = (n, w) => String(n).padStart(w, '0');
    return pad(d.getHours(), 2) + ':' + pad(d.getMinutes(), 2) + ':' + pad(d.getSeconds(), 2);
  };

  const levels = [1, 5, 10, 50, 100, 200, 500];

  mf.spark = (values) => values.map((v) => '▁▂▃▄▅▆▇█'[levels.filter((level) => v >= level).length]).join('');

  mf.label = (p) => p ? p.id + ' ' + p.role : 'a process outside';

  /* Cuts to a width in half columns: a Chinese character takes two. */
  mf.cut = (text, columns) => {
    let used = 0, out = '';
    for (const c of text) {
      used += c.codePointAt(0) >= 0x1100 ? 2 : 1;
      if (used > columns - 1) return out + '…';
      out += c;
    }
    return out;
  };

  mf.colour = (id) => {
    let n = 0;
    for (const c of id) n = n * 26 + c.charCodeAt(0) - 64;
    return 'hue' + n % 8;
  };

  const states = { R: 'runs', S: 'sleeps', D: 'disk', T: 'stopped', Z: 'zombie', X: 'ended' };

  mf.stateOf = (letter) => states[letter] || '?';

  /* A word of state that does not stand by colour alone. */
  mf.badge = (kind, text) => mf.el('span', { class: 'badge ' + kind, text });

  mf.setBadges = (element, all) => mf.keyed(element, all, (b) => b[0] + b[1], (b) => mf.badge(b[0], b[1]), () => {});

  mf.badgesOf = (p) => {
    const all = [];
    if (p.th.some((t) => t.blocked)) all.push(['block', 'BLOCK']);
    if (p.st === 'T') all.push(['warn', 'STOPPED']);
    if (p.st === 'Z') all.push(['warn', 'ZOMBIE']);
    if (p.orphan && !p.ended) all.push(['orphan', 'ORPHAN']);
    if (p.th.some((t) => t.slow)) all.push(['warn', 'SLOW']);
    if (p.ended) all.push(['gone', mf.endOf(p)]);
    if (!p.traced) all.push(['quiet', 'no trace']);
    return all;
  };

  /* The letter of a process and its role, which chooses it. The caller fills in the role. */
  mf.nameButton = (id, letter) => mf.el('button', { type: 'button', class: 'name', onclick: () => mf.select({ proc: id }) },
    mf.el('span', { class: 'letter ' + mf.colour(id), text: letter || id }), mf.el('span', { class: 'role' }));

  /* A table in a box that scrolls; isNumber(i): the column is one of numbers. */
  mf.table = (kind, caption, columns, isNumber, body) => mf.el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': caption },
    mf.el('table', { class: kind }, mf.el('caption', { class: 'unseen', text: caption }),
      mf.el('thead', {}, mf.el('tr', {}, ...columns.map((text, i) => mf.el('th', { scope: 'col', class: isNumber(i) ? 'number' : null, text })))), body));

  mf.endOf = (p) => p.sig ? 'killed by ' + p.sig : p.code !== undefined ? 'exited ' + p.code : 'ended';

  mf.placeOf = (at) => !at ? '' : at.file
    ? at.file.replace(/^.*\//, '') + ':' + at.line + (at.fn ? ' (' + at.fn + ')' : '')
    : at.fn ? 'inside ' + at.fn : 'inside C';
}
