/* SPDX-License-Identifier: MIT */
/* lessons.js - four lessons with the page open: what the chapter says is on the page.
 *
 * tests/lib/held.lua holds a lesson where there is something to see, until the file `go` is there. A copy of a
 * lesson is changed in one number only where the lesson would go on by itself. */
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { test, moonfork, top } = require('./page.js');

const text = (page, selector) => page.$$eval(selector, (all) => all.map((e) => e.textContent.replace(/\s+/g, ' ').trim()));
const rows = (page, view) => page.$$eval('#view-' + view + ' tbody tr', (all) => all.map((tr) => [...tr.children].map((c) => c.textContent.replace(/\s+/g, ' ').trim())));

/* Who holds a port, without letters: those of children that start at once depend on whose ring was seen first. */
const holders = async (page) => (await rows(page, 'ports')).map((r) => r[0].replace(/^[B-Z](?=child|worker)/, '')).sort();
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/* A lesson in a run of its own, and the page that was open before it began. */
class Lesson {
  constructor(t) {
    this.t = t;
    this.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'lesson-'));
    fs.mkdirSync(path.join(this.dir, 'trace'), { mode: 0o700 });
    this.out = '';
  }

  /* The lesson's folder or file; changed: [what, by what] in all of it. */
  copy(lesson, changed) {
    const from = path.join(top, 'lessons', lesson), to = path.join(this.dir, path.basename(lesson));
    fs.cpSync(from, to, { recursive: true });
    for (const file of fs.statSync(to).isDirectory() ? fs.readdirSync(to).map((name) => path.join(to, name)) : [to])
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(...changed));
    return to;
  }

  async start(file, args, heldAfter) {
    const trace = path.join(this.dir, 'trace');
    this.page = await this.t.open(await this.t.start(moonfork, ['inspect', '--web', '--dir', trace]).line, { wait: false });
    const held = heldAfter ? ['-r', path.join(top, 'tests/lib/held.lua')] : [];
    this.run = this.t.start(moonfork, ['--trace=' + trace, ...held, file, ...args],
      { HELD_AFTER: heldAfter || 0, HELD_GO: path.join(this.dir, 'go') });
    this.run.line.catch(() => {}); // it may have nothing to say
    this.run.stdout.on('data', (bytes) => { this.out += bytes; });
    return this.page;
  }

  async go() {
    fs.writeFileSync(path.join(this.dir, 'go'), '');
    await this.run.gone;
  }

  async end() {
    await this.page.context().close();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

async function orphan(t) {
  const lesson = new Lesson(t);
  const folder = lesson.copy('08-orphans/orphan-server', [/5000/g, '60000']); // "never stays for ever"
  const page = await lesson.start(path.join(folder, 'main.lua'), [], 1);
  await t.show(page, 'tree');
  await t.waits(async () => (await text(page, '.tree li.adopted > .node .badge')).includes('ORPHAN'), 'orphan: the worker is marked');
  const [pid, now, was] = /(\d+) worker\.lua.*parent is (\d+), was (\d+)/.exec((await text(page, '.tree li.adopted > .node')).join()).slice(1);
  t.ok(now !== was, 'orphan: it has another parent');
  t.is(await page.$eval('.tree li.adopted', (li) => li.parentElement.closest('li').dataset.key), 'pid' + now, 'orphan: and stands under it');
  t.ok((await text(page, '.tree li.ghost')).join().includes('now belongs to pid ' + now), 'orphan: where it was, a note says where it is');
  await t.waits(async () => (await text(page, '.tree .node.ended')).some((s) => new RegExp(was + ' master.lua.*exited 0').test(s)), 'orphan: its first parent has ended');
  await page.click('.tree li.adopted button.name');
  await t.shot(page, 'lesson-orphan');
  await t.show(page, 'ports');
  await t.waits(async () => (await rows(page, 'ports')).some((r) => r[0].endsWith('child (orphan)')), 'orphan: it holds the port');
  await lesson.go();
  t.ok(new RegExp('still answers: I am worker, pid: ' + pid + ', ppid: ' + now).test(lesson.out), 'orphan: and answers', lesson.out);
  await t.show(page, 'log');
  await page.selectOption('#kind', 'all');
  await t.waits(async () => (await rows(page, 'log')).some((r) => r[1] === 'Cchild' && r[2] === 'conn.accept'), 'orphan: which stays in the log');
  await lesson.end();
}

async function blocking(t) {
  const lesson = new Lesson(t), file = lesson.copy('04-event-loop/blocking.lua', ['100000000', '1e15']);
  const page = await lesson.start(file, [], 0);
  await t.show(page, 'loops');
  await t.waits(async () => /^blocked for [\d.]+ m?s, blocking\.lua:\d+ \(computation\)$/.test(await text(page, '#view-loops .card:has(.badge.block) .note')),
    'blocking: the loop is blocked, and where');
  await t.waits(async () => (await text(page, '#view-loops .card:has(.badge.block) h3')).join() === 'AscriptBLOCK', 'blocking: one loop alone');
  const reach = () => page.$eval('#view-loops .card:has(.badge.block) .curve', (e) => Number(/at most (\d+)/.exec(e.getAttribute('aria-label'))[1]));
  const first = await reach();
  await t.waits(async () => await reach() > first, 'blocking: the curve of its lag grows');
  await t.shot(page, 'lesson-blocking');
  await t.show(page, 'top');
  await t.waits(async () => {
    const marked = (await rows(page, 'top')).filter((r) => r[0].includes('BLOCK'));
    return marked.length === 1 && marked[0][0].includes('blocking.lua') && marked[0][2] === 'runs';
  }, 'blocking: its row says so, and that it runs');
  lesson.run.kill('SIGKILL');
  await lesson.run.gone;
  await t.waits(async () => (await text(page, '#summary')).join().startsWith('0 processes'), 'blocking: the client ends, too');
  await lesson.end();
}

async function blocked(t) {
  const lesson = new Lesson(t);
  const page = await lesson.start(path.join(top, 'lessons/04-event-loop/blocking.lua'), [], 0);
  await lesson.run.gone;
  await t.show(page, 'lanes');
  await t.waits(async () => /(^|,)[\d.]+ m?s[ ,]blocking\.lua/.test(await text(page, '.lanes text.label.late')), 'blocking: afterwards the lane has a bar, with its time and place');
  await page.click('.record[data-event="loop.block"]');
  await t.shot(page, 'lesson-blocked');
  const told = await page.evaluate(() => Math.max(...mf.run.records.filter((r) => r.e.name === 'loop.block').map((r) => r.v['wall'])));
  const printed = /computation took: ([\d.]+)(ms|s)/.exec(lesson.out);
  t.ok(told >= Number(printed[1]) * (printed[2] === 's' ? 1000 : 1) - 1, 'blocking: the lag is the computing time at least', told + ' ' + printed[0]);
  await lesson.end();
}

async function inUse(t) {
  const lesson = new Lesson(t);
  const page = await lesson.start(path.join(top, 'lessons/07-one-port/in-use/main.lua'), [], 3);
  await t.show(page, 'ports');
  await t.waits(async () => (await text(page, '.refused li')).length === 2, 'port: two were refused');
  t.ok((await text(page, '.refused li')).every((s) => /EADDRINUSE for [CD] child \d+ at .*: held by B child \d+$/.test(s)), 'port: both are told who has it');
  await t.waits(async () => JSON.stringify((await rows(page, 'ports')).map((r) => r[0])) === '["Bchild"]', 'port: one holder');
  await lesson.go();
  await lesson.end();
}

async function handOver(t) {
  const lesson = new Lesson(t);
  const page = await lesson.start(path.join(top, 'lessons/07-one-port/hand-over/main.lua'), [], 2);
  await t.show(page, 'ports');
  await t.waits(async () => same(await holders(page), ['Ascript', 'child', 'child']), 'port: handed over, all three hold it');
  await page.selectOption('#theme', 'dark');
  await page.click('#view-ports tbody button.name');
  await t.shot(page, 'lesson-hand-over');
  t.ok(/^127\.0\.0\.1:\d+ LISTEN, inode \d+$/.test((await text(page, '#view-ports h3')).join()), 'port: one socket');
  await t.show(page, 'lanes');
  await t.waits(async () => (await page.$$('.lanes path.arrow.handle:not(.tip)')).length === 2, 'port: an arrow for each hand-over');
  await lesson.go();
  t.ok(/answered by workers 6, by the master 0/.test(lesson.out), 'port: the workers answer', lesson.out);
  await t.show(page, 'log');
  await page.selectOption('#kind', 'all');
  await t.waits(async () => (await rows(page, 'log')).some((r) => r[1] === 'Ascript' && r[2] === 'port.close'), 'port: when the master has closed its own');
  await lesson.end();
}

async function cluster(t, policy, wanted, ports) {
  const lesson = new Lesson(t);
  const page = await lesson.start(path.join(top, 'lessons/10-cluster/who-listens.lua'), [policy], 1);
  await t.show(page, 'ports');
  await t.waits(async () => same(await holders(page), wanted), 'cluster, ' + policy + ': who holds the port');
  t.is((await text(page, '#view-ports h3')).length, 1, 'cluster, ' + policy + ': of one socket');
  await t.shot(page, 'lesson-cluster-' + policy);
  await t.show(page, 'top');
  await t.waits(async () => JSON.stringify((await rows(page, 'top')).map((r) => r[8].replace(/\d+/, 'PORT'))) === JSON.stringify(ports), 'cluster, ' + policy + ': the rows say so, too');
  await t.show(page, 'tree');
  t.is((await page.$$eval('.tree li[data-key=A] > ul > li', (all) => all.map((li) => li.dataset.key))).sort(), ['B', 'C'], 'cluster, ' + policy + ': the workers stand under the primary');
  await lesson.go();
  await lesson.end();
}

test(async (t) => {
  await orphan(t);
  await blocking(t);
  await blocked(t);
  await inUse(t);
  await handOver(t);
  await cluster(t, 'rr', ['Aprimary', 'worker#1, gets from A', 'worker#2, gets from A'], ['PORT*', 'PORT<A', 'PORT<A']);
  await cluster(t, 'none', ['Aprimary', 'worker#1', 'worker#2'], ['PORT*', 'PORT=A', 'PORT=A']);
});
