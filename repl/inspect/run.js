/* SPDX-License-Identifier: MIT */
/* run.js - what the page knows of a run: states, records, curves, and how all of it was at a time.
 *
 * Run.line takes one line of the stream (repl/inspect/frame.c writes them), or of a saved file. Times are
 * milliseconds since the start of the run. */
{
  const KEPT_MS = 600000, RECORDS = 131072, POINTS = 1300, SLOTS = 12288, THIN_MS = 1000;

  /* The place of the first item with a time above t. */
  function above(list, t) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle].t > t) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  class Curve {
    constructor() {
      this.points = [];
      this.slots = new Uint8Array(SLOTS);
      this.last = -1;
    }

    add(c) {
      const points = this.points;
      if (points.length && c[0] <= points[points.length - 1].t) return;
      points.push({ t: c[0], lag: c[1], cpu: c[2], rss: c[3], heap: c[4], buf: c[5] });
      if (points.length > POINTS) points.splice(0, points.length - POINTS);
    }

    /* What the server knew before we came goes in front. */
    prepend(list) {
      const mine = this.points, first = mine.length ? mine[0].t : Infinity;
      this.points = [];
      for (const c of list) if (c[0] < first) this.add(c);
      this.points.push(...mine);
    }

    strip(t, text) {
      const end = Math.floor(t / mf.slot);
      for (let i = 0; i < text.length; i++) {
        const slot = end - text.length + 1 + i;
        if (slot >= 0 && slot > this.last - text.length) this.slots[slot % SLOTS] = '.ti#!'.indexOf(text[i]);
      }
      this.last = Math.max(this.last, end);
    }

    /* The last `count` slots at t, oldest first. */
    slotsAt(t, count) {
      const end = Math.floor(t / mf.slot), out = [];
      for (let slot = end - count + 1; slot <= end; slot++)
        out.push(slot >= 0 && slot <= this.last && slot > this.last - SLOTS ? this.slots[slot % SLOTS] : 0);
      return out;
    }

    upTo(t, span) {
      return this.points.slice(Math.max(0, above(this.points, t - span) - 1), above(this.points, t));
    }
  }

  class Run {
    constructor() {
      this.wall = 0;
      this.events = new Map();
      this.frames = [];
      this.records = [];
      this.byNumber = new Map();
      this.curves = new Map();
      this.missed = 0;  // records that were overwritten before they were read
      this.skipped = 0; // states that this page was too slow for
      this.now = 0;
      this.version = 0; // counts what may change a picture
    }

    line(o) {
      this.version++;
      if (o.k === 'hello') this.hello(o);
      else if (o.k === 'state') this.state(o);
      else if (o.k === 'r') for (const r of o.r) this.record(r);
      else if (o.k === 'curve') this.curve(o);
      else if (o.k === 'drop') this.drop(o);
    }

    drop(o) {
      this.missed += o.records;
      this.skipped += o.states;
    }

    hello(o) {
      this.wall = o.wall;
      this.greeting = o;
      mf.slot = o.slot;
      this.lateMs = 100;
      for (const e of o.events) this.events.set(e.id, e);
    }

    /* ---- states ---- */

    state(o) {
      o.of = new Map(o.p.map((p) => [p.id, p]));
      this.takeCurves(o);
      const frames = this.frames, n = frames.length;
      if (!n || o.t > frames[n - 1].t) {
        if (n > 1 && frames[n - 1].t - frames[n - 2].t < THIN_MS) frames[n - 1] = o;
        else frames.push(o);
        this.now = Math.max(this.now, o.t);
        this.trim();
      } else {
        const at = above(frames, o.t);
        const near = [frames[at - 1], frames[at]].some((f) => f && Math.abs(f.t - o.t) < THIN_MS / 2);
        if (!near) frames.splice(at, 0, o);
      }
    }

    curveOf(p, tid) {
      const key = p + '/' + tid;
      let curve = this.curves.get(key);
      if (!curve) this.curves.set(key, curve = new Curve());
      return curve;
    }

    takeCurves(o) {
      for (const p of o.p) {
        if (p.c) this.curveOf(p.id, p.pid).add(p.c);
        for (const t of p.th) {
          if (!t.c && !t.strip) continue;
          const curve = this.curveOf(p.id, t.tid);
          if (t.c) curve.add(t.c);
          if (t.strip) curve.strip(o.t, t.strip);
        }
      }
    }

    curve(o) {
      const curve = this.curveOf(o.p, o.tid);
      curve.prepend(o.s);
      if (o.strip) curve.strip(o.at, o.strip);
    }

    trim() {
      const old = this.now - KEPT_MS;
      while (this.frames.length > 2 && this.frames[1].t < old) this.frames.shift();
      const drop = Math.max(this.records.length - RECORDS, above(this.records, old) > 4096 ? 4096 : 0);
      for (const r of this.records.splice(0, drop)) this.byNumber.delete(r.n);
    }

    frameAt(t) {
      return this.frames[Math.max(0, above(this.frames, t) - 1)] || null;
    }

    frameBefore(frame) {
      return this.frames[this.frames.indexOf(frame) - 1] || null;
    }

    get first() {
      const began = Math.min(this.frames.length ? this.frames[0].t : this.now,
        this.records.length ? this.records[0].t : this.now);
      return Math.max(began, this.now - KEPT_MS);
    }

    /* ---- records ---- */

    record(a) {
      const e = this.events.get(a[4]);
      if (!e || this.byNumber.has(a[0])) return;
      const r = { n: a[0], t: a[1], p: a[2], tid: a[3], e, flags: a[5], level: a[6], v: {}, x: {}, raw: a,
        mate: a[9] >= 0 ? a[9] : -1, mt: a[10], peer: a[11] || '', ptid: a[12] || 0 };
      e.n.forEach((name, i) => { r.v[name] = a[7][i] || 0; });
      e.x.forEach((name, i) => { r.x[name] = a[8][i] || ''; });
      this.byNumber.set(r.n, r);
      const mate = this.byNumber.get(r.mate);
      if (mate) {
        mate.mate = r.n;
        mate.mt = r.t;
        if (!mate.peer) mate.peer = r.p;
        if (!mate.ptid) mate.ptid = r.tid;
      }
      const list = this.records;
      if (!list.length || list[list.length - 1].t <= r.t) list.push(r);
      else list.splice(above(list, r.t), 0, r);
      this.now = Math.max(this.now, r.t);
    }

    /* The newest `count` records up to t that fit, oldest first. */
    recordsAt(t, count, fits) {
      const out = [];
      for (let i = above(this.records, t) - 1; i >= 0 && out.length < count; i--)
        if (fits(this.records[i])) out.push(this.records[i]);
      return out.reverse();
    }

    /* The next (or the last) record beside t, for steps. */
    beside(t, step, fits) {
      let i = step > 0 ? above(this.records, t) : above(this.records, t - 0.0015) - 1; // times are told to the microsecond
      for (; i >= 0 && i < this.records.length; i += step) if (fits(this.records[i])) return this.records[i];
      return null;
    }

    /* Of a message: how long it was under way, null when the other end is not known. */
    latency(r) {
      if (r.mate < 0 || !mf.isMessage(r)) return null;
      return Math.abs(r.mt - r.t);
    }
  }

  mf.Run = Run;
  mf.slot = 50;
  mf.HANDLE = 2;
  mf.INTERNAL = 1;
  mf.isSend = (r) => r.e.name === 'ipc.send' || r.e.name === 'msg.post';
  mf.isReceive = (r) => r.e.name === 'ipc.recv' || r.e.name === 'msg.recv';
  mf.isMessage = (r) => mf.isSend(r) || mf.isReceive(r);

  const plumbing = { ch: true, mid: true, ino: true, by: true };

  /* A text of a record as it is shown: of a path the name of the file. */
  mf.textOf = (name, text) => name === 'file' ? text.replace(/^.*\//, '') : text;

  /* One record in words: its texts, then its numbers by name. */
  mf.words = (r) => {
    const parts = [];
    for (const name in r.x) if (r.x[name] !== '') parts.push(mf.textOf(name, r.x[name]));
    for (const name in r.v) if (r.v[name] && !plumbing[name]) parts.push(name + ' ' + r.v[name]);
    return parts.join(', ');
  };
}
