/* SPDX-License-Identifier: MIT */
/* tree.js - who is whose child now. An orphan stands under its new parent, and leaves a note at its old place. */
{
  let root, shown = '';

  /* A node is { key, p | pid, kids, adopted, ghosts }. Living processes hang at their present parent, those
   * that have ended at the one that started them. */
  function build(frame) {
    const nodes = new Map(frame.p.map((p) => [p.id, { key: p.id, p, kids: [], ghosts: [] }]));
    const living = new Map(frame.p.filter((p) => !p.ended).map((p) => [p.pid, nodes.get(p.id)]));
    const outside = new Map(), roots = [];
    for (const node of nodes.values()) {
      const p = node.p, old = p.par && nodes.get(p.par);
      let parent = p.ended ? old : living.get(p.ppid);
      node.adopted = Boolean(p.orphan && !p.ended);
      if (node.adopted && old && old !== parent) old.ghosts.push(p);
      if (!parent || parent === node) {
        const pid = p.ended ? p.ppid0 : p.ppid;
        if (!outside.has(pid)) {
          outside.set(pid, { key: 'pid' + pid, pid, kids: [], ghosts: [] });
          roots.push(outside.get(pid));
        }
        parent = outside.get(pid);
      }
      parent.kids.push(node);
    }
    return roots;
  }

  function channelsOf(frame) {
    const map = new Map();
    for (const c of frame.ch) if (c.b) map.set(c.b, c);
    return map;
  }

  function channelText(c, frame) {
    const from = c.a && frame.of.get(c.a);
    const name = 'channel to ' + (from ? from.id : 'its parent');
    if (!c.open) return name + ' ✕ closed';
    return name + ' ⇄ ' + (c.down + c.up) + ' messages';
  }

  function drawProc(node, frame, channels) {
    const p = node.p, c = channels.get(p.id), waiting = c ? c.dq + c.uq : 0;
    const line = mf.el('div', { class: 'node' + (p.ended ? ' ended' : '') },
      mf.el('button', { type: 'button', class: 'name', 'data-focus': 'tree' + p.id, onclick: () => mf.select({ proc: p.id }) },
        mf.el('span', { class: 'letter ' + mf.colour(p.id), text: p.id }), mf.el('span', { class: 'role', text: p.role })),
      mf.el('span', { class: 'what', text: p.pid + ' ' + p.name.replace(/^.*\//, '') }));
    for (const [kind, text] of mf.badgesOf(p)) line.append(mf.badge(kind, text));
    if (node.adopted) line.append(mf.el('span', { class: 'note', text: 'parent is ' + p.ppid + ', was ' + p.ppid0 }));
    if (c) line.append(mf.el('span', { class: 'channel' + (c.open ? '' : ' closed'), text: channelText(c, frame) }));
    if (waiting) line.append(mf.badge('warn', 'queue ' + waiting));
    if (p.st === 'Z') line.append(mf.el('span', { class: 'note', text: 'it has ended, and its parent has not asked how' }));
    return line;
  }

  function draw(node, frame, channels) {
    const kids = node.kids.map((kid) => draw(kid, frame, channels));
    for (const p of node.ghosts)
      kids.push(mf.el('li', { class: 'ghost' }, mf.el('div', { class: 'node' },
        mf.el('span', { class: 'what', text: p.id + ' ' + p.role + ' was here: it now belongs to pid ' + p.ppid }))));
    const line = node.p ? drawProc(node, frame, channels) : mf.el('div', { class: 'node outside' },
      mf.el('span', { class: 'what', text: 'pid ' + node.pid + (node.pid === 1 ? ' (init)' : '') + ', outside this run' }));
    return mf.el('li', { class: node.adopted ? 'adopted' : null, 'data-key': node.key }, line,
      kids.length ? mf.el('ul', {}, ...kids) : null);
  }

  /* What the picture depends on; numbers that change all the time are left to the table. */
  function signature(frame) {
    return JSON.stringify([frame.p.map((p) => [p.id, p.ppid, p.role, mf.badgesOf(p)]),
      frame.ch.map((c) => [c.a, c.b, c.open, c.down + c.up, c.dq + c.uq])]);
  }

  mf.views.push({
    id: 'tree', title: 'Tree',
    make(panel) {
      root = mf.el('ul', { class: 'tree', 'aria-label': 'Tree of processes' });
      panel.append(root, mf.el('p', { class: 'legend', text: 'Solid line: parent and child. Dashed line: adopted after the parent ended.' }));
    },
    update(run, T, frame) {
      const now = signature(frame);
      if (now === shown) return;
      shown = now;
      const channels = channelsOf(frame);
      mf.keepFocus(() => root.replaceChildren(...build(frame).map((node) => draw(node, frame, channels))));
    },
  });
}
