// Forms that a page takes where room is short: tables that become lists, words that are longer than a line.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, close, handbooks, open, scratch, serve } from './harness.mjs';

const PHONE = { width: 390, height: 844 };
const DESK = 'touchpoints/front-desk.html';

async function sample(path, options) {
  const site = (await handbooks()).find(({ name }) => name === 'zuiderduin');
  return open(site.url + path, options);
}

/** What lies outside of the frames that scroll. */
const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test('a table that does not fit on a phone is a list, each value under its head', async () => {
  const page = await sample(DESK, PHONE);
  const table = page.locator('[aria-labelledby=_where] table');
  assert.ok(await table.evaluate((it) => it.offsetWidth <= it.parentElement.clientWidth));
  const lead = await table.locator('tbody tr').first().locator('td').nth(3).evaluate((td) => [getComputedStyle(td, '::before').content, td.innerText]);
  assert.deepEqual(lead, ['"Who leads "', 'Front office']);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForFunction(() => !document.querySelector('.is-folded'));
  assert.ok(await table.locator('thead').isVisible());
  await close(page);
});

test('without a script the same table scrolls in its frame, which has a name', async () => {
  const page = await sample(DESK, { ...PHONE, javaScriptEnabled: false });
  const frame = page.getByRole('group', { name: 'Where it comes up' });
  assert.ok(await frame.evaluate((it) => it.scrollWidth > it.clientWidth && it.tabIndex === 0));
  assert.equal(await tooWide(page), 0);
  await close(page);
});

/** A handbook in which everything is called by one word of eighty letters. */
async function wordy() {
  const folder = scratch();
  const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
  const write = (path, text) => {
    mkdirSync(join(folder, 'content', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'content', path), `---\ntitle: ${word}\n${text}---\n${word}\n`);
  };
  writeFileSync(join(folder, 'book.toml'), `title = "${word}"\n`);
  write('channels/c.md', '');
  write('departments/d.md', '');
  write('personas/p.md', `quote: ${word}\ngoals: [${word}]\nowner: d\n`);
  write('touchpoints/t.md', `channel: c\ndepartment: d\nbehaviours: [{id: a, text: ${word}, role: ${word}}]\n`);
  const steps = [0, 1, 2].map((at) => `      - {id: s${at}, title: ${word}, does: ${word}, emotion: ${at - 1}, touchpoints: [t], pains: [${word}]}\n`);
  write('journeys/j.md', `personas: [p]\nowner: d\nphases:\n  - id: a\n    title: ${word}\n    moment: during\n    goal: ${word}\n    steps:\n${steps.join('')}`);
  write('improvements/i.md', `problem: ${word}\nimpact: 4\neffort: 2\nowner: d\nsolves: [j/s1]\n`);
  return serve(build(folder));
}

test('where the menu is too long, it begins where its reader is', async () => {
  for (const width of [390, 1100]) {
    for (const path of ['journeys/index.html', 'review.html']) {
      const page = await sample(path, { width, height: 800 });
      const seen = await page.locator('.nav [aria-current]').evaluate((here) => {
        const [mine, nav] = [here.getBoundingClientRect(), here.closest('.nav').getBoundingClientRect()];
        return mine.left >= nav.left - 1 && mine.right <= nav.right + 1;
      });
      assert.ok(seen, `${path} at ${width}`);
      await close(page);
    }
  }
});

test('beside a journey on the home page there is another one, or its curve', async () => {
  for (const site of await handbooks()) {
    const page = await open(`${site.url}index.html`);
    const alone = await page.locator('.jcards').evaluate((list) => {
      const boxes = [...list.querySelectorAll('.jcard')].map((card) => [card, card.getBoundingClientRect()]);
      const reaches = (y) => boxes.some(([, box]) => box.top <= y && y <= box.bottom && box.right >= list.getBoundingClientRect().right - 1);
      return boxes.filter(([, box]) => !reaches((box.top + box.bottom) / 2)).map(([card]) => card.querySelector('a').textContent);
    });
    assert.deepEqual(alone, [], site.name);
    await close(page);
  }
});

test('on a phone the matrix fits, and no mark lies on a number', async () => {
  for (const site of await handbooks()) {
    const page = await open(`${site.url}improvements/index.html`, PHONE);
    const matrix = page.locator('.matrixbox');
    assert.ok(await matrix.evaluate((it) => it.scrollWidth <= it.clientWidth && it.clientWidth < innerWidth));
    const covered = await matrix.evaluate((it) => {
      const all = (what) => [...it.querySelectorAll(what)].map((one) => [one, one.getBoundingClientRect()]);
      const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      const lies = ([text, box]) => all('.pt :is(circle,path):not(.hit)').some(([mark, other]) => !mark.parentNode.contains(text) && meet(box, other));
      return all('.pt text').filter(lies).map(([text]) => text.textContent);
    });
    assert.deepEqual(covered, [], site.name);
    await close(page);
  }
});

test('very long words widen no page', async () => {
  const url = await wordy();
  const wide = [];
  for (const width of [390, 1440]) {
    const page = await open(null, { width });
    for (const path of ['index', 'journeys/j', 'personas/p', 'touchpoints/t', 'departments/d', 'improvements/i', 'improvements/index', 'coverage', 'review', 'search']) {
      await page.goto(`${url}${path}.html`);
      if (await tooWide(page)) wide.push(`${path} ${width}`);
    }
    await close(page);
  }
  assert.deepEqual(wide, []);
});
