/* SPDX-License-Identifier: MIT */
/* app.js - the page as a whole: views, time, keys, the stream or the data of a saved file. */
{
  const run = new mf.Run(), data = document.getElementById('data');
  const state = { view: 'top', T: null, chosen: null, over: '', speed: 0, mode: 'connecting' };
  const time = mf.by('time'), views = new Map();
  let due = false;
  mf.run = run;

  /* ---- the views ---- */

  function makeViews() {
    mf.views.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
    for (const view of mf.views) {
      const tab = mf.el('button', { type: 'button', role: 'tab', id: 'tab-' + view.id, 'aria-controls': 'view-' + view.id, text: view.title, onclick: () => show(view.id) });
      const panel = mf.el('section', { role: 'tabpanel', id: 'view-' + view.id, 'aria-labelledby': 'tab-' + view.id, tabindex: 0 },
        mf.el('h2', { class: 'unseen', text: view.title }));
      view.make(panel);
      mf.by('tabs').append(tab);
      mf.by('views').append(panel);
      views.set(view.id, { view, tab, panel });
    }
  }

  const order = ['top', 'tree', 'lanes', 'ports', 'loops', 'memory', 'pool', 'log', 'taps', 'threads', 'cells'];
  const keys = '1234567890c'; // of the views, in this order

  function show(id, focus) {
    state.view = id;
    for (const [name, { tab, panel }] of views) {
      const on = name === id;
      tab.setAttribute('aria-selected', on);
      tab.setAttribute('tabindex', on ? 0 : -1);
      panel.hidden = !on;
      if (on && focus) tab.focus();
    }
    update();
  }

  /* Redraws and gives the focus back to what took the place of the element that had it. */
  mf.keepFocus = (draw) => {
    const had = document.activeElement && document.activeElement.getAttribute('data-focus');
    draw();
    const now = had && document.querySelector('[data-focus="' + CSS.escape(had) + '"]');
    if (!now) return;
    now.setAttribute('tabindex', 0);
    now.focus({ preventScroll: true });
  };

  /* ---- details ---- */

  mf.select = (what, light) => {
    if (light && state.pinned) return;
    state.pinned = !light && JSON.stringify(what) !== JSON.stringify(state.chosen) ? true : !light && !state.pinned;
    state.chosen = what;
    detail();
  };

  function procRows(p) {
    const rows = [['Process', p.role + (p.num ? ', #' + p.num : '')], ['Runs', p.args || p.name], ['PID', p.pid],
      ['Parent', p.ppid + (p.orphan ? ', was ' + p.ppid0 : '')]];
    if (p.ended) rows.push(['End', mf.endOf(p)]);
    if (p.ended && p.last) rows.push(['Last record', p.last]);
    rows.push(['Started', mf.wall(run, p.began || 0)], ['Threads', p.nth], ['Descriptors', p.fds], ['RSS', mf.bytes(p.rss)]);
    for (const t of p.th) {
      rows.push([t.id ? 'Thread ' + t.id : 'Main thread', 'tid ' + t.tid + ', lag ' + mf.ms(t.lag) + ', heap ' + mf.bytes(t.heap) + ', buffers ' + mf.bytes(t.buf)]);
      if (t.blocked) rows.push(['Blocked', mf.ms(t.lag) + ' ' + mf.placeOf(t.at)]);
      if (t.slow) rows.push(['Slowed', 'each message by ' + t.slow + ' ms']);
      if (t.lost) rows.push(['Lost', t.lost + ' records']);
    }
    return rows;
  }

  function recordRows(r, frame) {
    const rows = [['Event', r.e.name], ['Time', mf.seconds(r.t) + ', ' + mf.wall(run, r.t)],
      ['Process', mf.label(frame.of.get(r.p)) + (r.tid ? ', tid ' + r.tid : '')]];
    const latency = run.latency(r);
    if (r.peer) rows.push([mf.isReceive(r) ? 'From' : 'To', mf.label(frame.of.get(r.peer))]);
    if (latency !== null) rows.push(['Under way', latency.toFixed(3) + ' ms' + (latency > run.lateMs ? ', late' : '')]);
    else if (mf.isSend(r)) rows.push(['Under way', 'not received yet']);
    for (const name in r.v) if (r.v[name]) rows.push([name, r.v[name]]);
    for (const name in r.x) if (r.x[name]) rows.push([name, mf.textOf(name, r.x[name]) + (r.flags & 8 ? '…' : '')]);
    if (r.flags & mf.HANDLE) rows.push(['Handle', 'travels with it']);
    return rows;
  }

  function detail() {
    const frame = run.frameAt(state.T === null ? run.now : state.T), what = state.chosen;
    const p = what && what.proc && frame && frame.of.get(what.proc), r = what && run.byNumber.get(what.record);
    const rows = p ? procRows(p) : r && frame ? recordRows(r, frame) : [];
    mf.text(mf.by('detail-title'), p ? mf.label(p) : r ? r.e.name + ' of ' + (r.p || '?') : 'Details');
    mf.by('detail-hint').hidden = rows.length > 0;
    mf.keyed(mf.by('detail-list'), rows.map((row, i) => ({ row, i })), (o) => o.i + o.row[0],
      () => mf.el('div', {}, mf.el('dt'), mf.el('dd')), (div, o) => {
        mf.text(div.firstChild, o.row[0]);
        mf.text(div.lastChild, o.row[1]);
      });
  }

  /* ---- the whole ---- */

  function summary(frame) {
    const alive = frame.p.filter((p) => !p.ended), threads = alive.reduce((n, p) => n + p.th.length, 0);
    const lag = Math.max(0, ...alive.map((p) => Math.max(0, ...p.th.map((t) => t.lag))));
    mf.text(mf.by('summary'), alive.length + (alive.length === 1 ? ' process, ' : ' processes, ') + threads + (threads === 1 ? ' traced thread, loop lag' : ' traced threads, loop lag') + ' max ' + mf.ms(lag) +
      ', ' + frame.rate.toFixed(0) + ' messages/s, lost ' + (frame.lost + run.missed) + (run.skipped ? ', ' + run.skipped + ' pictures skipped' : ''));
  }

  function clock(T) {
    const last = Math.round(run.now);
    mf.attr(time, 'min', Math.round(run.first));
    mf.attr(time, 'max', last);
    if (state.T === null) time.value = last;
    else if (document.activeElement !== time || Math.abs(time.value - T) > 1) time.value = Math.round(T);
    const words = (T / 1000).toFixed(1) + ' s, ' + mf.wall(run, T);
    mf.text(mf.by('clock'), words);
    mf.attr(time, 'aria-valuetext', words);
  }

  function mode() {
    const words = data ? (state.speed ? 'replay, playing' : 'replay') : state.over || (state.T === null ? state.mode : 'paused');
    mf.text(mf.by('mode'), words);
    mf.attr(mf.by('mode'), 'data-mode', state.over ? 'over' : state.T === null ? state.mode : 'paused');
    mf.text(mf.by('pause'), data ? (state.speed ? 'Pause' : 'Play') : state.T === null ? 'Pause' : 'Go live');
    mf.attr(mf.by('pause'), 'aria-pressed', data ? Boolean(state.speed) : state.T !== null);
  }

  function update() {
    const T = state.T === null ? run.now : state.T, frame = run.frameAt(T);
    due = false;
    mode();
    if (!frame) return;
    performance.mark('update');
    summary(frame);
    clock(T);
    views.get(state.view).view.update(run, T, frame);
    detail();
    performance.measure('update', 'update');
    if (performance.getEntriesByName('update', 'measure').length > 400) performance.clearMeasures('update');
    performance.clearMarks('update');
  }

  /* Once a frame of the screen at most. */
  mf.refresh = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(update);
  };

  /* ---- time ---- */

  function goTo(T) {
    state.T = T === null ? null : Math.min(run.now, Math.max(run.first, T));
    mf.refresh();
  }

  function step(by) {
    const r = run.beside(state.T === null ? run.now + 1 : state.T, by, mf.stepFits);
    if (!r) return;
    state.speed = 0;
    state.pinned = false;
    mf.select({ record: r.n }, true);
    goTo(r.t + 0.001);
  }

  /* A replay plays in real time. */
  function play(was) {
    if (!state.speed) return;
    const now = performance.now();
    goTo(state.T + (now - was));
    if (state.T >= run.now) state.speed = 0;
    setTimeout(play, 50, now);
    mf.refresh();
  }

  function pause() {
    if (!data) return goTo(state.T === null ? run.now : null);
    state.speed = state.speed ? 0 : 1;
    if (state.speed && (state.T === null || state.T >= run.now)) state.T = run.first;
    play(performance.now());
    mf.refresh();
  }

  /* ---- keys ---- */

  function onTabKey(event) {
    const at = order.indexOf(state.view), n = order.length;
    const to = { ArrowRight: at + 1, ArrowLeft: at + n - 1, Home: n, End: n - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(order[to % n], true);
  }

  function onKey(event) {
    const tag = event.target.tagName;
    if (event.ctrlKey || event.altKey || event.metaKey || tag === 'SELECT' || document.querySelector('dialog[open]')) return;
    if (event.key === ' ' && (tag === 'BUTTON' || tag === 'INPUT')) return;
    if (keys.includes(event.key)) show(order[keys.indexOf(event.key)], true);
    else if (event.key === ' ') pause();
    else if (event.key === ',') step(-1);
    else if (event.key === '.') step(1);
    else if (event.key === 's' && !data) mf.openSave();
    else if (event.key === '?') mf.by('help-dialog').showModal();
    else return;
    event.preventDefault();
  }

  function listen() {
    mf.by('tabs').addEventListener('keydown', onTabKey);
    document.addEventListener('keydown', onKey);
    mf.by('pause').addEventListener('click', pause);
    mf.by('back').addEventListener('click', () => step(-1));
    mf.by('forth').addEventListener('click', () => step(1));
    mf.by('help').addEventListener('click', () => mf.by('help-dialog').showModal());
    mf.by('theme').addEventListener('change', (event) => { document.documentElement.dataset.theme = event.target.value; });
    time.addEventListener('input', () => {
      state.speed = 0;
      goTo(!data && Number(time.value) >= Number(time.max) ? null : Number(time.value));
    });
    window.addEventListener('resize', mf.refresh);
  }

  /* ---- where the data comes from ---- */

  /* The token stands in the fragment, which no server ever sees; it goes into a header. */
  const token = () => new URLSearchParams(location.hash.slice(1)).get('t') || '';

  async function read(response) {
    const reader = response.body.getReader(), decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop();
      for (const line of lines) if (line) run.line(JSON.parse(line));
      state.mode = 'live';
      if (state.T === null || !run.drawn) mf.refresh();
      run.drawn = true;
    }
  }

  async function connect() {
    const given = token();
    try {
      const response = await fetch('/stream', { headers: given ? { 'X-Moonfork-Token': given } : {}, cache: 'no-store' });
      if (response.status === 403) state.over = 'the token in the address is not valid: open the line that .inspect printed';
      else if (!response.ok) state.over = 'refused: ' + response.status + (response.status === 503 ? ', too many pages are open' : '');
      else await read(response);
      if (!state.over) state.over = 'the run is over: this is what was seen of it';
    } catch (error) {
      state.over = run.drawn ? 'the connection has ended: this is what was seen' : 'no connection';
    }
    mf.refresh();
  }

  function openReplay() {
    const saved = JSON.parse(data.textContent);
    document.documentElement.dataset.replay = 'yes';
    mf.by('save').hidden = true;
    for (const line of saved.lines) run.line(line);
    state.T = run.now;
    state.mode = 'replay';
    update();
  }

  makeViews();
  listen();
  show('top');
  if (data) openReplay();
  else connect();
}
