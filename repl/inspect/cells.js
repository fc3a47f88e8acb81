/* SPDX-License-Identifier: MIT */
/* cells.js - the first cells of each SharedArrayBuffer; those that differ from the state before are marked. */
{
  let cards, none;

  const keyOf = (block) => block.p + '/' + block.id;

  function makeCard(block) {
    return mf.el('section', { class: 'card shared', 'data-key': keyOf(block) },
      mf.el('h3', {}, mf.el('span', { class: 'letter ' + mf.colour(block.p), text: block.p }), mf.el('span', { class: 'role' })),
      mf.el('p', { class: 'note' }), mf.el('ol', { class: 'cells', start: 0 }));
  }

  const makeCell = (cell) => mf.el('li', {}, mf.el('span', { class: 'index', text: cell.i }), mf.el('span', { class: 'value' }));

  function noteOf(block) {
    const unit = block.bytes < 4 ? 'bytes' : '32-bit cells', all = block.bytes < 4 ? block.bytes : Math.floor(block.bytes / 4);
    if (block.hidden) return 'The cells were left out of this file.';
    if (!block.v) return 'Its file is gone: nobody has it any more.';
    return block.bytes + ' bytes, as ' + unit + ': ' + (block.v.length < all ? 'the first ' + block.v.length + ' of ' + all : all);
  }

  function fillCard(card, block, was) {
    const before = was && was.v, values = (block.v || []).map((value, i) => ({ i, value }));
    mf.text(card.querySelector('.role'), 'SharedArrayBuffer ' + block.id);
    mf.text(card.querySelector('.note'), noteOf(block));
    mf.keyed(card.querySelector('ol'), values, (cell) => cell.i, makeCell, (li, cell) => {
      const changed = Boolean(before) && before[cell.i] !== cell.value;
      mf.text(li.lastChild, cell.value + (changed ? ' *' : ''));
      mf.attr(li, 'class', changed ? 'changed' : null);
    });
  }

  mf.views.push({
    id: 'cells', title: 'Cells',
    make(panel) {
      cards = mf.el('div', { class: 'cards' });
      none = mf.el('p', { class: 'none', text: 'No process of this run has made a SharedArrayBuffer of up to 4 KiB.' });
      panel.append(none, cards, mf.el('p', { class: 'legend', text: '* changed since the picture before.' }));
    },
    update(run, T, frame) {
      const blocks = frame.cells || [], last = run.frameBefore(frame);
      const was = new Map(((last && last.cells) || []).map((block) => [keyOf(block), block]));
      none.hidden = blocks.length > 0;
      mf.keyed(cards, blocks, keyOf, makeCard, (card, block) => fillCard(card, block, was.get(keyOf(block))));
    },
  });
}
