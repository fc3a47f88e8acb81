/* SPDX-License-Identifier: MIT */
/* views.js - each view of the run made by hand, by its DOM. */
'use strict';
const { test, views } = require('./page.js');

const texts = (page, selector) => page.$$eval(selector, (all) => all.filter((e) => e.getClientRects().length).map((e) => e.textContent.replace(/\s+/g, ' ').trim()));

async function top(t, page) {
  const rows = await page.$$eval('#view-top tbody tr', (all) => all.map((tr) => [...tr.children].map((c) =>
    [...c.querySelectorAll('.letter, .role, .file, .badge, .value')].map((e) => e.textContent).join(' ').trim() || c.textContent)));
  t.is(rows.map((r) => r[0]), ['A prompt moonfork', 'B primary #1 cluster-http.lua', 'C worker#1 compute.lua', '└ thread 1 worker.lua',
    'D worker#2 compute.lua BLOCK', 'E child #2 middle.lua', 'F child server.lua', 'G sleep #3 sleep no trace', 'H child 中文脚本.lua ZOMBIE'],
  'top: processes, threads and their marks');
  t.is(rows[4].slice(1), ['4108', 'runs', '100.0 %', '6.0 MiB', '1500 ms', '0 / 0', '14', '3000=B', '00:08'], 'top: the row of a blocked worker');
  t.is(rows.map((r) => r[8]), ['', '3000*', '3000=B', '', '3000=B', '', '3000=B', '', ''], 'top: who holds the port, and whose it is');
  t.is(await page.$eval('#summary', (e) => e.textContent), '8 processes, 8 traced threads, loop lag max 1500 ms, 0 messages/s, lost 0', 'the summary');
  t.is(await page.$eval('#view-top tr[data-key=H] .file', (e) => e.lang), 'zh', 'a name in Chinese says so');
  t.is(await page.$eval('html', (e) => e.lang), 'en', 'the page is in English');
}

const tree = (page) => page.$$eval('.tree li', (all) => all.map((li) => [li.dataset.key || 'ghost', li.parentElement.closest('li') ? li.parentElement.closest('li').dataset.key : '']));

async function treeView(t, page) {
  t.is(await tree(page), [['pid4099', ''], ['A', 'pid4099'], ['B', 'A'], ['C', 'B'], ['D', 'B'], ['E', 'A'], ['F', 'E'], ['G', 'A'], ['H', 'A']], 'tree: who is whose child');
  t.ok((await texts(page, '.tree li[data-key=D] .badge')).includes('queue 14'), 'tree: what waits in a channel');
  t.is(await texts(page, '.tree li[data-key=C] .channel'), ['channel to B ⇄ 4 messages'], 'tree: a channel');
}

async function lanes(t, page) {
  t.is(await texts(page, '.lane .letter'), ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'], 'lanes: one for each process');
  t.is(await page.$$eval('.lanes path.arrow:not(.tip):not(.inner)', (all) => all.map((e) => e.getAttribute('class'))),
    ['arrow handle', 'arrow handle', 'arrow', 'arrow late', 'arrow', 'arrow', 'arrow late waits'], 'lanes: an arrow for each message, by its kind');
  const labels = await texts(page, '.lanes text.label');
  t.ok(labels.includes('+813 ms late'), 'lanes: the true latency, marked late', labels.join(' | '));
  t.ok(labels.includes('+0.30 ms'), 'lanes: a latency in time');
  t.ok(labels.some((text) => text.startsWith('waits 1500')), 'lanes: what waits', labels.join(' | '));
  t.ok(labels.some((text) => text.startsWith('[H server')), 'lanes: a handle', labels.join(' | '));
  t.ok(['1500 ms', '812 ms'].every((text) => labels.includes(text)) && labels.filter((text) => text.startsWith('compute.lua:12')).length === 2, 'lanes: where the loop is stuck', labels.join(' | '));
  t.ok(labels.some((text) => text.startsWith('</script><')), 'lanes: markup is text', labels.join(' | '));
  t.is(await page.$$eval('.lanes rect.block', (all) => all.length), 2, 'lanes: a bar for each block');
  await page.hover('.record[data-event="ipc.recv"]:nth-last-of-type(4) circle');
  await t.waits(() => page.$eval('#detail', (e) => /Under way/.test(e.textContent)), 'lanes: the pointer shows the record');
}

async function ports(t, page) {
  t.is(await texts(page, '.card h3'), ['127.0.0.1:3000 LISTEN, inode 54023'], 'ports: one socket');
  t.is(await texts(page, '#view-ports .card .note'), ['4 holders of one socket, 84 connections accepted'], 'ports: its holders');
  t.is(await page.$$eval('#view-ports tbody tr', (all) => all.map((tr) => [...tr.children].slice(0, 3).map((c) => c.textContent))),
    [['Bprimary', '9', '0'], ['Cworker#1', '11', '41'], ['Dworker#2', '11', '3'], ['Fchild', '11', '40']], 'ports: who accepts');
  const refused = await texts(page, '.refused li');
  t.ok(/^127\.0\.0\.1:3000 EADDRINUSE for H child 4140 at \d\d:\d\d:\d\d: held by B primary 4101$/.test(refused[0]), 'ports: who was refused, and who holds it', refused[0]);
}

async function curves(t, page) {
  t.is((await texts(page, '#view-loops h3')).length, 8, 'loops: one for each traced loop');
  t.is(await texts(page, '#view-loops .card:has(.badge) .note'), ['blocked for 1500 ms, compute.lua:12 (computation)'], 'loops: where it is blocked');
  const strip = await page.$eval('#view-loops .card:has(.badge) .strip', (e) => e.getAttribute('aria-label'));
  t.ok(/blocked 1\.[345] s/.test(strip), 'loops: the strip in words', strip);
  await t.show(page, 'memory');
  const memory = await texts(page, '#view-memory .note');
  t.ok(memory.includes('RSS 38.0 MiB, Lua heap 625 KiB, buffers 32.0 MiB'), 'memory: buffers outside the heap', memory.join(' | '));
  t.ok(memory.some((text) => text.includes('no trace: RSS alone')), 'memory: a process without a trace');
  t.ok((await page.$eval('#view-memory path.trace.rss', (e) => e.getAttribute('d'))).split('L').length > 10, 'memory: a curve');
  await t.show(page, 'pool');
  t.is(await texts(page, '#view-pool .note').then((all) => all[0]), '4 of 4 threads work; 1 job waits because all threads are busy', 'pool: why the fifth waits');
  t.is(await texts(page, '#view-pool .slot .what'), ['fs', 'fs', 'crypto', 'dns', 'waits'], 'pool: its slots');
}

async function log(t, page) {
  const rows = () => page.$$eval('#view-log tbody tr', (all) => all.map((tr) => [...tr.children].map((c) => c.textContent)));
  t.is(await rows(), [['2.000 s', 'Cworker#1', 'stdout', 'worker: 完成 <b>17</b>'], ['2.100 s', 'Dworker#2', 'stderr FULL', 'too much']], 'log: output with its origin and time');
  await page.selectOption('#kind', 'messages');
  await page.waitForFunction(() => document.querySelectorAll('#view-log tbody tr').length === 13);
  t.ok((await rows()).some((r) => r[2] === '← B primary' && r[3].includes('812.600 ms late'.replace('.600', '.6'))), 'log: messages with their latency', JSON.stringify(await rows()));
}

async function taps(t, page) {
  const rows = await page.$$eval('#view-taps tbody tr', (all) => all.map((tr) => [...tr.children].map((c) =>
    [...c.querySelectorAll('.letter, .role, .value, .badge, .note')].map((e) => e.textContent).filter(Boolean).join(' '))));
  t.is(rows.map((r) => r[0]), ['A prompt', 'B primary #1', 'C worker#1', 'D worker#2', 'E child #2', 'F child', 'G sleep #3', 'H child'], 'streams: every process');
  t.is(rows[2].slice(1), ['0 B', '24 B 24 B read by its parent', '0 B'], 'streams: what was written, and read by the parent');
  t.is(rows[3].slice(1), ['0 B', '1.9 MiB was full', '128 KiB FULL 64 KiB read by its parent, 64 KiB on the way'], 'streams: a full pipe, and one that was');
  t.is(rows[6].slice(1), ['64 KiB FULL written by its parent', '6 B read by its parent', '? not traced'], 'streams: of a process without a trace what its parent knows');
}

async function threads(t, page) {
  const rows = await page.$$eval('#view-threads tbody tr', (all) => all.map((tr) => [...tr.children].map((c) =>
    [...c.querySelectorAll('.letter, .role, .badge')].map((e) => e.textContent).join(' ') || c.textContent)));
  t.is(rows.map((r) => r[0]), ['A prompt main', 'B primary main', 'C worker#1 main', 'C thread 1', 'D worker#2 main BLOCK', 'E child main', 'F child main', 'H child main'], 'threads: each that runs Lua');
  t.is(rows[4].slice(1), ['4108', 'runs', '100.0 %', '1500 ms', '14', '0', '0 / 0', '293 KiB', 'blocked 1500 ms, compute.lua:12 (computation)'], 'threads: state and queue of a blocked one');
  t.is(rows[3].slice(1), ['4115', 'sleeps', '0.0 %', '0.20 ms', '0', '0', '3 / 3', '293 KiB', 'worker.lua'], 'threads: one of a worker');
}

async function cells(t, page) {
  const cards = () => page.$$eval('#view-cells .card', (all) => all.map((card) => [card.querySelector('h3').textContent, card.querySelector('.note').textContent, card.querySelectorAll('li').length]));
  t.is(await cards(), [['CSharedArrayBuffer 1', '64 bytes, as 32-bit cells: 16', 16], ['DSharedArrayBuffer 1', '4096 bytes, as 32-bit cells: the first 64 of 1024', 64],
    ['DSharedArrayBuffer 2', 'Its file is gone: nobody has it any more.', 0]], 'cells: each block, its first 64 cells');
  const values = () => page.$$eval('#view-cells .card:first-child li', (all) => all.map((li) => li.textContent));
  t.is((await values()).slice(0, 5), ['00', '11', '24', '39', '416'], 'cells: number and value');
  t.is(await texts(page, '#view-cells .changed'), [], 'cells: nothing has changed yet');
  t.tell('cells');
  await t.waits(async () => JSON.stringify(await texts(page, '#view-cells .changed .value')) === JSON.stringify(['-7 *', '-2147483648 *']), 'cells: what another process writes, marked');
}

async function orphan(t, page) {
  await t.show(page, 'tree');
  t.tell('orphan');
  await t.waits(async () => JSON.stringify(await tree(page)).includes('["F","pid1"]'), 'tree: an orphan moves under its new parent');
  t.ok((await texts(page, '.tree li.ghost')).join().includes('F child was here: it now belongs to pid 1'), 'tree: and leaves a note');
  t.ok((await texts(page, '.tree li[data-key=F] .badge')).includes('ORPHAN'), 'tree: it is marked');
  t.ok((await texts(page, '.tree li[data-key=E] .badge')).includes('killed by SIGKILL'), 'tree: how the parent ended');
  await page.click('.tree li[data-key=E] button.name');
  t.ok(/Last record/.test(await page.$eval('#detail-list', (e) => e.textContent)), 'details: the last words of a killed process');
  await t.shot(page, 'orphan');
}

test(async (t) => {
  const page = await t.open(await t.serve('small'));
  const checks = { top, tree: treeView, lanes, ports, loops: curves, log, taps, threads, cells };
  for (const view of views) {
    if (!checks[view]) continue;
    await t.show(page, view);
    await checks[view](t, page);
  }
  await orphan(t, page);
});
