/* SPDX-License-Identifier: MIT */
/* page.js - for the tests of the page: TAP, a browser without a window, the program that serves.
 *
 *   test(async (t) => { t.ok(...); t.is(...); })     prints the plan, ends everything
 *   const url = await t.serve('small')               the run made by hand (tests/page/serve.c)
 *   const page = await t.open(url, { width, height, dark })
 *
 * An error on the page, or a line that the browser writes about one, is a failure. Nothing here depends on
 * time but the ceiling, which is the same for what we ask and for what the browser is to do. */
'use strict';
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const top = path.resolve(__dirname, '../../..');
const variant = process.env.MOONFORK_VARIANT || 'release';
const CEILING_MS = 60000;
const shots = path.join(top, 'build', 'page');

class Test {
  constructor() {
    this.count = 0;
    this.failed = 0;
    this.children = [];
    this.browser = null;
    this.troubles = [];
    this.allowed = /$^/;
  }

  ok(good, name, why) {
    console.log((good ? 'ok ' : 'not ok ') + ++this.count + ' - ' + name);
    if (good) return true;
    this.failed++;
    if (why !== undefined) console.log(String(why).replace(/^/gm, '# '));
    return false;
  }

  is(got, want, name) {
    const a = JSON.stringify(got), b = JSON.stringify(want);
    return this.ok(a === b, name, 'got  ' + a + '\nwant ' + b);
  }

  /* Asks until the answer is true. What is asked for may not be there yet, or be drawn anew just now. */
  async waits(ask, name) {
    const until = Date.now() + CEILING_MS;
    let why;
    do {
      try {
        const answer = await ask();
        if (answer) return this.ok(true, name);
        why = 'last: ' + JSON.stringify(answer);
      } catch (error) {
        why = error.stack;
      }
      await new Promise((done) => setTimeout(done, 50));
    } while (Date.now() < until);
    return this.ok(false, name, why);
  }

  /* Starts a program; resolves with its first line of output. */
  start(command, args, env) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
    this.children.push(child);
    child.stdin.on('error', () => {});
    child.gone = new Promise((done) => child.on('exit', done));
    child.line = new Promise((done, fail) => {
      let text = '';
      child.stdout.on('data', (bytes) => {
        text += bytes;
        if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')));
      });
      child.on('exit', () => fail(new Error(command + ' ended: ' + text)));
    });
    return child;
  }

  serve(kind) {
    fs.mkdirSync(shots, { recursive: true });
    this.server = this.start(path.join(top, 'build', variant, 'tests/page/serve'), [kind, shots]);
    return this.server.line;
  }

  tell(line) { this.server.stdin.write(line + '\n'); }

  async launch() {
    const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';
    const args = ['--no-sandbox', '--disable-gpu', '--disable-breakpad', '--disable-crash-reporter', '--no-first-run'];
    this.browser = await chromium.launch({ executablePath, args, timeout: CEILING_MS, env: { ...process.env, LANG: 'C.UTF-8' } });
  }

  async open(url, o = {}) {
    if (!this.browser) await this.launch();
    const context = await this.browser.newContext({ viewport: { width: o.width || 1280, height: o.height || 720 },
      colorScheme: o.dark ? 'dark' : 'light', offline: Boolean(o.offline), reducedMotion: 'reduce', acceptDownloads: true });
    context.setDefaultTimeout(CEILING_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.troubles.push(error.stack));
    page.on('console', (line) => { if (line.type() === 'error') this.troubles.push(line.text()); });
    page.on('dialog', (dialog) => { this.troubles.push('dialog: ' + dialog.message()); dialog.dismiss(); });
    await page.goto(url);
    if (o.wait !== false) await page.waitForFunction(() => document.querySelectorAll('table.top tbody tr').length > 0);
    return page;
  }

  async show(page, view) {
    await page.click('#tab-' + view);
    await page.waitForFunction((id) => !document.getElementById(id).hidden, 'view-' + view);
    await this.drawn(page);
  }

  /* The page draws once a frame of the screen at most: what was asked of it until now is drawn then. */
  drawn(page) {
    return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  shot(page, name) {
    return page.screenshot({ path: path.join(shots, name + '.png') });
  }

  async end() {
    this.ok(this.troubles.filter((text) => !this.allowed.test(text)).length === 0, 'no error on any page', this.troubles.join('\n'));
    if (this.browser) await this.browser.close();
    for (const child of this.children) {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) child.kill();
      await child.gone;
    }
    console.log('1..' + this.count);
    process.exitCode = this.failed ? 1 : 0;
  }
}

exports.views = ['top', 'tree', 'lanes', 'ports', 'loops', 'memory', 'pool', 'log', 'taps', 'threads', 'cells'];
exports.top = top;
exports.moonfork = process.env.MOONFORK || path.join(top, 'moonfork');

exports.test = async (body) => {
  const t = new Test();
  try {
    await body(t);
  } catch (error) {
    t.ok(false, 'the test runs to its end', error.stack);
  }
  await t.end();
};
