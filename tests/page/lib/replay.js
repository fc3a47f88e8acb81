/* SPDX-License-Identifier: MIT */
/* replay.js - the page by keys alone; and the file that is saved, opened from disk without a network. */
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { test, views } = require('./page.js');

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute('data-focus') || document.activeElement.tagName);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-'));

async function keys(t, page) {
  await page.focus('#tab-top');
  for (const view of views.slice(1)) {
    await page.keyboard.press('ArrowRight');
    t.is(await focused(page), 'tab-' + view, 'keys: arrow to ' + view);
  }
  await page.keyboard.press('3');
  t.is(await page.$eval('#view-lanes', (e) => e.hidden), false, 'keys: a number chooses a view');
  await t.drawn(page);
  const seen = [];
  for (let i = 0; i < 8 && !seen[seen.length - 1]?.startsWith('lane'); i++) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
  }
  t.ok(seen[seen.length - 1].startsWith('lane'), 'keys: Tab leads into the lanes', seen.join());
  await page.keyboard.press('ArrowUp');
  const text = await page.$eval('#detail', (e) => e.textContent);
  t.ok(text.includes('stdio') || text.includes('ipc'), 'keys: arrows choose an event, its record is shown', text);
  t.ok(/^\d+\.\d{3} s, [A-Z]/.test(await page.evaluate(() => document.activeElement.getAttribute('aria-label'))), 'keys: and it has words for a screen reader');
  await page.focus('#tab-lanes');
  await page.keyboard.press(' ');
  await page.keyboard.press(',');
  await t.waits(() => page.$eval('#mode', (e) => e.textContent === 'paused'), 'keys: one event back pauses');
  t.is(await page.$eval('#clock', (e) => e.textContent.split(',')[0]), '7.5 s', 'keys: and goes there');
  await page.keyboard.press(',');
  await t.waits(() => page.$eval('#clock', (e) => e.textContent.startsWith('1.8 s')), 'keys: and one more');
  await page.click('#pause');
  await t.waits(() => page.$eval('#mode', (e) => e.textContent === 'live'), 'live again');
  await page.focus('#time');
  await page.keyboard.press('Home');
  await t.waits(() => page.$eval('#clock', (e) => e.textContent.startsWith('0.')), 'keys: the slider goes to the beginning');
  t.is(await page.$$eval('.lanes .record', (all) => all.length), 1, 'where only the first event has happened');
  await page.keyboard.press('End');
  await t.waits(() => page.$eval('#mode', (e) => e.textContent === 'live'), 'keys: and back to now');
}

async function save(t, page, previews) {
  await page.focus('#tab-top');
  await page.keyboard.press('s');
  t.ok(await page.$eval('#save-dialog', (e) => e.open), 'keys: s opens the dialog');
  if (previews) {
    await page.check('#save-previews');
    await page.check('#save-output');
  }
  const coming = page.waitForEvent('download');
  await page.click('#save-now');
  const file = path.join(dir, (previews ? 'whole' : 'plain') + '.html');
  await (await coming).saveAs(file);
  await page.click('#save-close');
  return file;
}

/* From its beginning to its end are nine seconds; what the page says of them is kept, however late we look. */
async function plays(t, page, name) {
  await page.focus('#time');
  await page.keyboard.press('Home');
  await t.waits(() => page.$eval('#clock', (e) => e.textContent.startsWith('0.')), name + ': back to its beginning');
  await page.evaluate(() => {
    const mode = document.getElementById('mode'), said = window.said = [];
    new MutationObserver(() => said.push(mode.textContent)).observe(mode, { childList: true, characterData: true, subtree: true });
  });
  await page.click('#pause');
  await t.waits(() => page.evaluate(() => window.said.includes('replay, playing')), name + ': it plays');
  await page.focus('#time');
  await page.keyboard.press('End');
  await t.waits(() => page.$eval('#mode', (e) => e.textContent === 'replay'), name + ': and stops when another time is chosen');
}

async function replayed(t, file, name, size) {
  const kept = name === 'whole';
  const page = await t.open(pathToFileURL(file).href, { ...size, offline: true });
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await t.show(page, 'lanes');
  t.is(await page.$eval('#mode', (e) => e.textContent), 'replay', name + ': says what it is');
  t.is(await page.$$eval('.lanes path.arrow:not(.tip):not(.inner)', (all) => all.length), 7, name + ': every message');
  await t.shot(page, 'replay-' + name);
  await t.show(page, 'tree');
  t.is(await page.$$eval('.tree li', (all) => all.length), 9, name + ': the tree');
  await page.keyboard.press(',');
  await t.waits(() => page.$eval('#clock', (e) => e.textContent.startsWith('7.5 s')), name + ': one event back');
  await plays(t, page, name);
  await t.show(page, 'taps');
  t.is(await page.$$eval('#view-taps .badge.block', (all) => all.length), 2, name + ': the full pipes');
  await t.show(page, 'threads');
  t.is(await page.$$eval('#view-threads tbody tr', (all) => all.length), 8, name + ': the threads');
  await t.show(page, 'cells');
  t.is(await page.$eval('#view-cells .card:first-of-type .note', (e) => e.textContent), kept ? '64 bytes, as 32-bit cells: 16' : 'The cells were left out of this file.', name + ': shared cells are in the file when they are chosen');
  t.is(asked, [], name + ': nothing is asked for');
  t.is(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, name + ': fits');
  await t.show(page, 'log');
  return page;
}

test(async (t) => {
  const url = await t.serve('small'), page = await t.open(url);
  await keys(t, page);
  const plain = await save(t, page, false), whole = await save(t, page, true);
  const text = fs.readFileSync(plain, 'utf8'), all = fs.readFileSync(whole, 'utf8');
  const data = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(text)[1];
  t.ok(!text.includes(url.split('t=')[1]) && !all.includes(url.split('t=')[1]), 'the token is not in the file');
  t.ok(!data.includes('<') && !/<script>alert/.test(all), 'no "<" in the data');
  t.ok(!/secret|teacher/.test(text + all), 'paths are cut to names of files');
  t.ok(!data.includes('圆周率') && !data.includes('alert(1)') && !data.includes('完成'), 'messages and output stay out unless they are chosen');
  t.ok(all.includes('圆周率') && all.includes('alert(1)') && all.includes('完成'), 'and are there when they are');
  t.ok(/Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/.test(text), 'a policy with hashes');
  t.ok(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(text), 'no address in it');
  t.server.stdin.end();
  await t.server.gone;
  await replayed(t, plain, 'plain', { width: 390, height: 844 });
  const open = await replayed(t, whole, 'whole', { width: 1280, height: 720, dark: true });
  await open.selectOption('#kind', 'messages');
  await t.waits(() => open.$eval('#view-log', (e) => e.textContent.includes('</script><script>alert(1)</script>')), 'markup in a message is text in the file, too');
  await t.show(open, 'lanes');
  t.ok((await open.$$eval('.lanes text.label', (all) => all.map((e) => e.textContent))).includes('+813 ms late'), 'with its latency');
  fs.rmSync(dir, { recursive: true });
});
