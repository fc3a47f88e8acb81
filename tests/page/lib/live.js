/* SPDX-License-Identifier: MIT */
/* live.js - a real run with the page open: messages, a blocked loop, a shared port, an orphan. */
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { test, moonfork } = require('./page.js');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'trace-'));
const text = (page, selector) => page.$$eval(selector, (all) => all.map((e) => e.textContent).join(' | '));

async function messages(t, page) {
  await t.show(page, 'lanes');
  await t.waits(async () => (await page.$$('.lanes path.arrow.handle')).length > 0, 'a server travels with a message');
  await t.waits(async () => (await text(page, '.lanes text.label')).includes('</script><scr'), 'markup in a message is text');
  await t.show(page, 'log');
  await t.waits(async () => (await text(page, '#view-log td.text')).includes('圆周率'), 'output with Chinese letters');
}

async function blocking(t, page, run) {
  await t.show(page, 'top');
  run.stdin.write('block\n');
  await t.waits(async () => (await text(page, 'tr .badge.block')).includes('BLOCK'), 'the row says BLOCK');
  await t.waits(async () => (await page.$$('tr .badge.block')).length === 1, 'no other row is marked');
  await t.waits(async () => /(run\.lua:\d+|inside)/.test(await page.evaluate(() => {
    document.querySelector('tr:has(.badge.block) button').click();
    return document.getElementById('detail').textContent;
  })), 'and the details say where');
  run.stdin.write('late\n');
  await t.show(page, 'lanes');
  await t.waits(async () => / late$|late \|/.test(await text(page, '.lanes text.label.late')), 'the late message is marked');
  const late = await page.evaluate(() => {
    const r = [...mf.run.records].reverse().find((one) => mf.isReceive(one) && mf.run.latency(one) > 100);
    return { told: mf.run.latency(r), between: r.t - mf.run.byNumber.get(r.mate).t };
  });
  t.ok(Math.abs(late.told - late.between) < 0.01, 'with the difference of the two records', JSON.stringify(late));
}

async function ports(t, page, run) {
  await t.show(page, 'ports');
  await t.waits(async () => (await page.$$('#view-ports tbody tr')).length === 2, 'two hold one socket');
  run.stdin.write('refuse\n');
  // Which letters A's children have depends on whose ring was seen first.
  await t.waits(async () => /EADDRINUSE for A script \d+ at .*: held by (A script|[B-D] child) \d+$/.test(await text(page, '.refused li')), 'who was refused, and who holds it');
}

async function orphan(t, page, run) {
  await t.show(page, 'tree');
  await t.waits(async () => (await page.$$('.tree li li li li')).length === 1, 'A, M and its child below each other');
  run.stdin.write('kill\n');
  await t.waits(async () => (await text(page, '.tree .adopted .badge')).includes('ORPHAN'), 'the orphan moves');
  await t.waits(async () => (await text(page, '.tree .badge.gone')).includes('killed by SIGKILL'), 'how its parent ended');
  await t.waits(async () => (await page.$$('.tree .ghost')).length === 1, 'and its old place says where it is');
}

test(async (t) => {
  const run = t.start(moonfork, ['--trace=' + dir, path.join(__dirname, '../fixtures/run.lua'), path.join(dir, 'go')]);
  await run.line;
  const page = await t.open(await t.start(moonfork, ['inspect', '--web', '--dir', dir]).line);
  await messages(t, page);
  await blocking(t, page, run);
  await ports(t, page, run);
  await orphan(t, page, run);
  run.stdin.write('end\n');
  await run.gone;
  await t.waits(() => page.$eval('#summary', (e) => e.textContent.startsWith('0 processes')), 'all have ended');
  fs.rmSync(dir, { recursive: true, force: true });
});
