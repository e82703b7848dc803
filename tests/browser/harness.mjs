// What every spec shares: a handbook built, a folder served on loopback, a page opened and watched, axe.
//
// `run.mjs` builds both handbooks, serves them and starts one browser for all specs, and says so in the environment. A spec that is
// run alone (`node --test map.spec.mjs`) does the same for itself.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
/** The project's folder. */
export const root = resolve(here, '../..');
/** The program, as `cargo build` leaves it. */
export const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/journeybook');
/** The day on which all sites of the tests are built. */
export const today = '2026-11-30';
/** Where both handbooks lie. */
export const sources = { zuiderduin: root, 'de-linde': join(root, 'tests/handbooks/de-linde') };

export const launch = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  ],
};

const closers = [];
/** Has `close` run at the end: when a spec's tests are done, or at `end()` where there are no tests. */
export const later = (close) => closers.push(close);
export async function end() {
  for (const close of closers.splice(0).reverse()) await close();
}
if (process.env.NODE_TEST_CONTEXT) after(end);

/** A new empty folder that goes away with the tests. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'journeybook-'));
  later(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds the handbook in `folder` and tells where its site lies; `args` are further arguments of `build`. */
export function build(folder, { out = join(scratch(), 'site'), args = [] } = {}) {
  execFileSync(binary, ['build', '--root', folder, '--out', out, '--today', today, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  return out;
}

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.json': 'application/json', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8',
};

function answer(folder, request, response) {
  let path = join(folder, decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  if (path.endsWith('/')) path += 'index.html';
  const found = path.startsWith(folder) && existsSync(path) && statSync(path).isFile();
  response.writeHead(found ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  response.end(found ? readFileSync(path) : 'not found');
}

/** Serves a folder on a free port of loopback; tells its address, with a slash at the end. */
export async function serve(folder) {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  later(() => new Promise((done) => { server.close(done); server.closeAllConnections(); }));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Starts a preview of the handbook in `folder`; tells its address, with a slash at the end. `args` are further arguments of `serve`. */
export function preview(folder, args = []) {
  const all = ['serve', '--root', folder, '--port', '0', '--today', today, ...args];
  const child = spawn(binary, all, { stdio: ['ignore', 'ignore', 'pipe'] });
  later(() => child.kill());
  return new Promise((ready, failed) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const found = said.match(/Preview at (http:\S+)/);
      if (found) ready(found[1]);
    });
    child.on('close', () => failed(new Error(said)));
  });
}

let shared;
/** The browser: the one of the whole run, or one of this spec's own. */
export function browser() {
  shared ??= (process.env.JOURNEYBOOK_BROWSER ? chromium.connect(process.env.JOURNEYBOOK_BROWSER) : chromium.launch(launch)).then((opened) => {
    later(() => opened.close());
    return opened;
  });
  return shared;
}

let built;
/** Both sample handbooks, built and served: `[{ name, folder, url, pages }]`; `pages` are paths, redirects left out. */
export function handbooks() {
  built ??= Promise.all(Object.entries(sources).map(async ([name, source]) => {
    const given = JSON.parse(process.env.JOURNEYBOOK_SITES ?? '{}')[name];
    const folder = given?.folder ?? build(source);
    return { name, folder, url: given?.url ?? (await serve(folder)), pages: pages(folder) };
  }));
  return built;
}

/** Every file of a folder, as a path below it. */
export function files(folder) {
  return readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile()).sort();
}

function pages(folder) {
  const only = process.env.ONLY ?? '';
  const page = (path) => path.endsWith('.html') && path.includes(only) && !/http-equiv="refresh"/i.test(readFileSync(join(folder, path), 'utf8'));
  return files(folder).filter(page);
}

/**
 * Opens a page in a context of its own. `page.problems` gathers what a reader's console would show: messages, errors, failed requests,
 * requests to another host.
 */
export async function open(url, { width = 1440, height = 900, dark = false, init, ...more } = {}) {
  const context = await (await browser()).newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', ...more });
  if (init) await context.addInitScript(init);
  const page = await context.newPage();
  watch(page);
  if (url) await page.goto(url);
  return page;
}

/** Closes a page with its context. */
export const close = (page) => page.context().close();

function watch(page) {
  page.problems = [];
  const own = (url) => /^(file|data|blob|about):/.test(url) || /^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
  page.on('console', (message) => page.problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => page.problems.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => page.problems.push(`failed: ${request.url()}`));
  page.on('request', (request) => own(request.url()) || page.problems.push(`another host: ${request.url()}`));
  page.on('response', (response) => response.status() >= 400 && page.problems.push(`${response.status()}: ${response.url()}`));
}

/** What axe is, for a context's `init`: an expression is not stopped by the page's content security policy. */
export const axeSource = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe finds: `[{ rule, where, why }]`. */
export async function axe(page, options = {}) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const found = await page.evaluate((given) => window.axe.run(document, given), { resultTypes: ['violations'], preload: false, ...options });
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => ({ rule: id, where: node.target.join(' '), why: node.failureSummary })));
}

/** Runs `work` on every item with one of a few pages that are opened once: a page of its own for each costs a second. */
export async function each(items, work, options = {}) {
  const queue = [...items.entries()];
  const results = [];
  const lane = async () => {
    const page = await open(null, options);
    for (let next = queue.shift(); next; next = queue.shift()) {
      page.problems.length = 0;
      results[next[0]] = await work(page, next[1]);
    }
    await close(page);
  };
  await Promise.all([lane(), lane(), lane()]);
  return results;
}

/** Fails if there is a miss, and tells each once. A miss is `{ key, detail }`. */
export function judge(check, misses) {
  const wrong = [...new Map(misses.map(({ key, detail }) => [key, `${key}\n    ${detail}`])).values()];
  Error.stackTraceLimit = 0;
  if (wrong.length) throw new Error(`${check}: ${wrong.length}\n  ${wrong.join('\n  ')}`);
}
