/* SPDX-License-Identifier: MIT */
/* save.js - the run as one file that replays itself: page, style, script and data in one, no server.
 *
 * The data is JSON in which every "<" is written \u003c, so nothing in it can end its element; a policy
 * with the hashes of style and script lets nothing else run. */
{
  const close = '</' + 'script>';

  /* Absolute paths become the names of their files. */
  const cutPaths = (text) => text.replace(/(^|[\s"'(=@:,[])(?:~|\.{1,2})?(?:\/[^\s\/"'():,<>\]]+)*\/([^\s\/"'():,<>\]]+)/g, '$1$2');

  function clean(value) {
    if (typeof value === 'string') return cutPaths(value);
    if (Array.isArray(value)) return value.map(clean);
    if (!value || typeof value !== 'object' || value instanceof Map) return value;
    const out = {};
    for (const key in value) if (key !== 'of' && key !== 'args') out[key] = clean(value[key]);
    return out;
  }

  const SECRET = { preview: 'previews', text: 'output', msg: 'output' };

  /* The record as it came, without the texts that were not chosen, and with its mate, which may be newer. */
  function rawRecord(r, wanted) {
    const raw = r.raw.slice(), name = r.e.x.map((x) => SECRET[x]);
    if (r.e.name !== 'user.mark') raw[8] = raw[8].map((text, i) => name[i] && !wanted[name[i]] ? '' : text);
    if (r.mate >= 0 || r.peer) raw.splice(9, 4, r.mate, r.mt, r.peer, r.ptid);
    return clean(raw);
  }

  /* A state without its curves, which are told once; cells are what a program keeps, as messages are. */
  function rawFrame(frame, wanted) {
    const light = (o) => { const { c, strip, ...rest } = o; return rest; };
    const { of, ...rest } = frame;
    if (rest.cells && !wanted.previews) rest.cells = rest.cells.map(({ v, ...block }) => ({ ...block, hidden: 1 }));
    return clean({ ...rest, p: frame.p.map((p) => ({ ...light(p), last: undefined, th: p.th.map(light) })) });
  }

  function rawCurve(run, key, curve) {
    const cut = key.lastIndexOf('/');
    return { k: 'curve', p: key.slice(0, cut), tid: Number(key.slice(cut + 1)), at: curve.last * mf.slot + 1,
      s: curve.points.map((c) => [c.t, c.lag, c.cpu, c.rss, c.heap, c.buf]),
      strip: curve.slotsAt(curve.last * mf.slot + 1, Math.min(12000, curve.last + 1)).map((s) => '.ti#!'[s]).join('') };
  }

  mf.replayLines = (run, wanted) => [run.greeting, ...run.frames.map((frame) => rawFrame(frame, wanted)),
    { k: 'r', r: run.records.map((r) => rawRecord(r, wanted)) }, ...[...run.curves].map(([key, curve]) => rawCurve(run, key, curve))];

  async function hash(text) {
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    return "'sha256-" + btoa(String.fromCharCode(...bytes)) + "'";
  }

  const get = async (path) => (await fetch(path, { cache: 'no-store' })).text();

  mf.replayFile = async (run, wanted) => {
    const [html, css, js] = await Promise.all(['/', '/style.css', '/page.js'].map(get));
    const data = JSON.stringify({ saved: new Date().toISOString(), lines: mf.replayLines(run, wanted) }).replace(/</g, '\\u003c');
    const policy = "default-src 'none'; script-src " + await hash(js) + '; style-src ' + await hash(css) + "; base-uri 'none'; form-action 'none'";
    return html
      .replace('<meta charset="utf-8">', () => '<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="' + policy + '">')
      .replace('<title>moonfork: live</title>', '<title>moonfork: replay</title>')
      .replace('<link rel="stylesheet" href="style.css">', () => '<style>' + css + '</style>')
      .replace('<script src="page.js" defer>' + close, () => '<script type="application/json" id="data">' + data + close + '\n<script>' + js + close);
  };

  async function save() {
    const said = mf.by('save-said');
    try {
      mf.text(said, 'Writing the file');
      const file = await mf.replayFile(mf.run, { previews: mf.by('save-previews').checked, output: mf.by('save-output').checked });
      const url = URL.createObjectURL(new Blob([file], { type: 'text/html' }));
      const name = 'moonfork-' + new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-') + '.html';
      mf.el('a', { href: url, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
      mf.text(said, 'Saved as ' + name + ', ' + mf.bytes(file.length));
    } catch (error) {
      mf.text(said, 'This did not work: ' + error.message);
    }
  }

  mf.openSave = () => {
    mf.text(mf.by('save-said'), '');
    mf.by('save-dialog').showModal();
  };

  mf.by('save').addEventListener('click', mf.openSave);
  mf.by('save-now').addEventListener('click', save);
}
