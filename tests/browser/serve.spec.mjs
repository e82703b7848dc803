// The preview in a real browser: what a save does to tabs that are open.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe, browser, close, open, preview as previewOf, root, scratch } from './harness.mjs';

const PAGE = 'journeys/business-stay.html';
const FILE = 'content/journeys/business-stay.md';

/** A preview of a copy of the sample handbook: its address, and what writes into it. */
async function preview(extra = () => {}) {
  const folder = scratch();
  for (const part of ['book.toml', 'content', 'data']) cpSync(join(root, part), join(folder, part), { recursive: true });
  extra(folder);
  const url = await previewOf(folder);
  const read = (path) => readFileSync(join(folder, path), 'utf8');
  const write = (path, text) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return { folder, url, read, write, remove: (path) => rmSync(join(folder, path)), append: (path, text) => write(path, `${read(path)}\n${text}\n`) };
}

const shows = (page, text) => page.waitForFunction((wanted) => document.querySelector('main').textContent.includes(wanted), text);
/** Marks the document and its main part, to notice whether they are exchanged. */
const mark = (page) => page.evaluate(() => {
  window.marked = true;
  document.querySelector('main').marked = true;
});
const marks = (page) => page.evaluate(() => [Boolean(window.marked), Boolean(document.querySelector('main').marked)]);

test('a save is shown in place, and what the reader did stays', async () => {
  const here = await preview();
  const page = await open(here.url + PAGE);
  const other = await open(`${here.url}personas/index.html`);
  await mark(page);
  await mark(other);
  await page.evaluate(() => {
    document.querySelectorAll('main details').forEach((details) => { details.open = true; });
    document.querySelector('main a[href]').focus({ preventScroll: true });
    scrollTo({ top: 900, behavior: 'instant' });
  });
  const before = await page.evaluate(() => ({ y: scrollY, open: document.querySelectorAll('main details[open]').length, focus: document.activeElement.textContent }));
  assert.ok(before.y > 500 && before.open > 0);
  here.append(FILE, 'These words were saved just now.');
  await shows(page, 'These words were saved just now.');
  assert.deepEqual(await marks(page), [true, false], 'the main part alone is another one');
  const after = await page.evaluate(() => ({ y: scrollY, open: document.querySelectorAll('main details[open]').length, focus: document.activeElement.textContent }));
  assert.deepEqual(after, before);
  here.append('content/personas/index.md', 'And these.');
  await shows(other, 'And these.');
  assert.deepEqual(await marks(page), [true, false]);
  assert.deepEqual(page.problems.concat(other.problems), []);
  await close(page);
  await close(other);
});

test('another page is left alone', async () => {
  const here = await preview();
  const [page, other] = [await open(here.url + PAGE), await open(`${here.url}channels/index.html`)];
  await mark(other);
  here.append(FILE, 'Somewhere else.');
  await shows(page, 'Somewhere else.');
  // News come to both in the same moment: the answer to this one is later than the other's.
  await other.evaluate(() => fetch(location.href).then((answer) => answer.text()));
  assert.deepEqual(await marks(other), [true, true]);
  await close(page);
  await close(other);
});

test('filters and sorting stay', async () => {
  const here = await preview();
  const page = await open(`${here.url}improvements/index.html`);
  const chosen = await page.evaluate(() => {
    const select = [...document.querySelectorAll('main form select')].find((one) => one.options.length > 2);
    select.selectedIndex = 1;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    return { name: select.name, value: select.value, hidden: document.querySelectorAll('main [hidden]').length };
  });
  here.append('content/improvements/index.md', 'A new paragraph.');
  await shows(page, 'A new paragraph.');
  const kept = await page.evaluate((name) => {
    const select = document.querySelector(`main form select[name="${name}"]`);
    return { name: select.name, value: select.value, hidden: document.querySelectorAll('main [hidden]').length };
  }, chosen.name);
  assert.deepEqual(kept, chosen);
  await close(page);
});

test('a style is put on without loading anything again', async () => {
  const here = await preview((folder) => {
    cpSync(join(root, 'themes/default/assets/journeybook.css'), join(folder, 'own/assets/journeybook.css'), { recursive: true });
    writeFileSync(join(folder, 'book.toml'), `theme = "own"\n${readFileSync(join(folder, 'book.toml'), 'utf8')}`);
  });
  const page = await open(here.url + PAGE);
  await mark(page);
  here.append('own/assets/journeybook.css', 'h1{color:rgb(1,2,3)}');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)');
  await page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet][href*="assets/journeybook."]').length === 1);
  assert.deepEqual(await marks(page), [true, true], 'not even the main part');
  assert.deepEqual(page.problems, []);
  await close(page);
});

test('errors are shown in a bar, and it goes away when they are mended', async () => {
  const here = await preview((folder) => {
    writeFileSync(join(folder, 'book.toml'), `editor = "vscode://file/{path}:{line}:{column}"\n${readFileSync(join(folder, 'book.toml'), 'utf8')}`);
  });
  const page = await open(here.url + PAGE);
  const title = await page.title();
  const good = here.read(FILE);
  here.write(FILE, good.replace('---\n', '---\ntitle: [open\n'));
  const bar = page.locator('#_jb-bar');
  await bar.waitFor();
  assert.match(await bar.locator('summary').textContent(), /error/);
  assert.equal(await page.title(), title, 'the last good version stays');
  await bar.locator('summary').click();
  assert.match(await bar.locator('pre').first().textContent(), /title: \[open/);
  const links = await bar.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  assert.ok(links.some((link) => link === `/${PAGE}`) && links.some((link) => /^vscode:\/\/file\/.*business-stay\.md:\d+:\d+$/.test(link)), links.join());
  assert.deepEqual(await axe(page, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] }), []);
  here.append('content/personas/index.md', 'The list stays open.');
  await page.waitForFunction(() => document.querySelector('#_jb-bar details').open);
  here.write(FILE, good);
  await bar.waitFor({ state: 'detached' });
  assert.deepEqual(page.problems, []);
  await close(page);
});

test('an answer that was overtaken brings no error back', async () => {
  const here = await preview();
  const page = await open();
  const held = new Promise((hold) => {
    page.route('**/problems.json', async (route) => {
      const response = await route.fetch();
      hold(() => route.fulfill({ response }));
    }, { times: 1 });
  });
  await page.goto(here.url + PAGE);
  const good = here.read(FILE);
  here.write(FILE, good.replace('---\n', '---\ntitle: [open\n'));
  const answer = await held;
  here.write(FILE, `${good}\nAll is well.\n`);
  await shows(page, 'All is well.');
  await answer();
  await page.evaluate(() => fetch('/__journeybook/bar.css').then((answer) => answer.text()));
  assert.equal(await page.locator('#_jb-bar').count(), 0);
  await close(page);
});

test('ten tabs at once', async () => {
  const here = await preview();
  const context = await (await browser()).newContext();
  const tabs = [];
  for (let at = 0; at < 10; at += 1) {
    const tab = await context.newPage();
    await tab.goto(here.url + PAGE);
    await mark(tab);
    tabs.push(tab);
  }
  here.append(FILE, 'In all ten of them.');
  await Promise.all(tabs.map((tab) => shows(tab, 'In all ten of them.')));
  for (const tab of tabs) assert.deepEqual(await marks(tab), [true, false]);
  await context.close();
});

test('a tab that was hidden catches up when it is shown', async () => {
  const here = await preview();
  const hide = () => {
    window.isHidden = false;
    Object.defineProperty(Document.prototype, 'hidden', { get: () => window.isHidden });
    window.setHidden = (hidden) => {
      window.isHidden = hidden;
      document.dispatchEvent(new Event('visibilitychange'));
    };
  };
  const [page, seen] = [await open(here.url + PAGE, { init: hide }), await open(here.url + PAGE)];
  await mark(page);
  await page.evaluate(() => window.setHidden(true));
  here.append(FILE, 'While nobody looked.');
  await shows(seen, 'While nobody looked.');
  assert.deepEqual(await marks(page), [true, true]);
  await page.evaluate(() => window.setHidden(false));
  await shows(page, 'While nobody looked.');
  assert.deepEqual(await marks(page), [true, false]);
  await close(page);
  await close(seen);
});

test('without a worker to share, and where a page is new or gone', async () => {
  const here = await preview();
  const page = await open(null, { init: () => { delete window.SharedWorker; } });
  await page.goto(`${here.url}pages/brand-new.html`);
  here.write('content/pages/brand-new.md', '---\ntitle: Brand new\n---\n\nIt is there now.\n');
  await shows(page, 'It is there now.');
  here.remove('content/pages/brand-new.md');
  await page.waitForFunction(() => !document.querySelector('main').textContent.includes('It is there now.'));
  await close(page);
});

test('a picture that changed is loaded again', async () => {
  const square = (size) => `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="9"/>`;
  const here = await preview((folder) => {
    writeFileSync(join(folder, 'content/pages/a square.svg'), square(20));
    writeFileSync(join(folder, 'content/pages/square.md'), '---\ntitle: Square\n---\n\n![Square](<a square.svg>)\n');
  });
  const page = await open(`${here.url}pages/square.html`);
  const width = (wanted) => page.waitForFunction((size) => document.querySelector('main img').naturalWidth === size, wanted);
  await width(20);
  here.write('content/pages/a square.svg', square(30));
  await width(30);
  const source = () => page.evaluate(() => document.querySelector('main img').src);
  const before = await source();
  // The same size, and so the same page.
  here.write('content/pages/a square.svg', square(30).replace('/>', '><rect width="4" height="4"/></svg>'));
  await page.waitForFunction((known) => document.querySelector('main img').src !== known, before);
  await page.waitForFunction(() => document.querySelector('main img').complete);
  assert.equal((await (await fetch(await source())).text()).includes('<rect'), true);
  assert.deepEqual(page.problems, []);
  await close(page);
});
