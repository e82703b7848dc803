// The journey's map in a browser: the curve stands over its columns, lanes are hidden and stay so, a step opens beside the map with and
// without a script, the blueprint, the step-by-step view of a phone, the sheets of a long journey.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, close, handbooks, open, scratch, serve } from './harness.mjs';

const PHONE = { width: 390, height: 844 };
const STAY = 'journeys/business-stay.html';

/** Opens the sample's map in a context of its own. */
async function stay(options, act, path = STAY) {
  const site = (await handbooks()).find(({ name }) => name === 'zuiderduin');
  const page = await open(site.url + path, { reducedMotion: 'reduce', ...options });
  await act(page);
  assert.deepEqual(page.problems, []);
  await close(page);
}

/** A journey of so many steps, told by so many personas. */
async function journey(steps, personas) {
  const folder = scratch();
  const write = (path, text) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('book.toml', 'title = "Long"\n');
  const names = Array.from({ length: personas }, (_, at) => `p${at}`);
  for (const name of names) write(`content/personas/${name}.md`, `---\ntitle: Persona ${name}\n---\n`);
  const feel = (at) => names.map((name, of) => `${name}: ${((at * 7 + of * 3) % 9) / 2 - 2}`).join(', ');
  const title = 'A title of eighty characters, which is about as long as a title of a step becomes';
  const step = (at) => `      - {id: s${at}, title: "${title}", does: Something that takes a line, emotion: {${feel(at)}}}\n`;
  write('content/journeys/long.md', `---\ntitle: Long\npersonas: [${names}]\nphases:\n  - title: One\n    moment: during\n    steps:\n${Array.from({ length: steps }, (_, at) => step(at + 1)).join('')}---\n\n## First {#s1}\n\nThe first step's long text.\n`);
  return serve(build(folder));
}

test('each point of the curve stands over the middle of its column', () => stay({}, async (page) => {
  const off = await page.evaluate(() => {
    const middle = (element) => { const { left, width } = element.getBoundingClientRect(); return left + width / 2; };
    const cells = [...document.querySelector('#_map .f').cells].slice(1).map(middle);
    const points = [...document.querySelectorAll('#_map svg.dot > use:first-child')].map(middle);
    return points.map((x) => Math.min(...cells.map((cell) => Math.abs(cell - x))));
  });
  assert.equal(off.length, 12);
  assert.ok(off.every((pixels) => pixels < 2), `off by ${off}`);
}));

test('a lane that was hidden stays hidden', () => stay({}, async (page) => {
  const lane = page.locator('#_map .l-pain').first();
  assert.ok(await lane.isVisible());
  await page.locator('label', { has: page.locator('#_l-pain') }).click();
  assert.ok(!(await lane.isVisible()));
  await page.reload();
  assert.ok(!(await lane.isVisible()));
  await page.locator('#_l-pain').press('Space');
  assert.ok(await lane.isVisible());
}));

test('the blueprint shows both sides and the lines between them', () => stay({}, async (page) => {
  const lines = page.locator('#_map .bl th');
  assert.equal(await lines.first().isVisible(), false);
  await page.locator('#_v-blue').press('Space');
  assert.deepEqual(await lines.allInnerTexts(), ['Line of interaction', 'Line of visibility', 'Line of internal interaction']);
  assert.equal(await page.locator('#_map .l-feel').isVisible(), false);
  assert.ok(await page.locator('#_map .l-dept').first().isVisible());
}));

for (const javaScriptEnabled of [true, false]) {
  test(`a step opens beside the map ${javaScriptEnabled ? 'with' : 'without'} a script`, () => stay({ javaScriptEnabled }, async (page) => {
    const panel = page.locator('#pack > .panel');
    assert.ok(await panel.isVisible());
    assert.match(await panel.innerText(), /The lowest point of the journey/);
    if (javaScriptEnabled) assert.match(await panel.locator('.fields').innerText(), /Eight of nine auditors carried something/);
    await panel.locator('.go a').first().click();
    assert.match(page.url(), /#book$/);
    assert.ok(await page.locator('#book > .panel').isVisible());
    await page.locator('#book .go a').last().click();
    assert.equal(await page.locator('.panel:visible').count(), 0);
  }, `${STAY}#pack`));
}

test('Escape closes what opened, and the focus is back at the step', () => stay({}, async (page) => {
  await page.locator('#_map .s a[href="#pack"]').focus();
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('#pack > .panel').isVisible());
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.panel:visible').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), '#pack');
}));

test('a phone reads step by step, and the page does not scroll sideways', () => stay(PHONE, async (page) => {
  assert.equal(await page.locator('#_map').isVisible(), false);
  assert.equal(await page.locator('.read > details').count(), 12);
  assert.match(await page.locator('[data-step=pack] > summary').innerText(), /Packs the bag[\s\S]*awful −1.8[\s\S]*Nobody leads/);
  assert.match(await page.locator('.read > section').nth(1).innerText(), /Get ready[\s\S]*in one cabin bag/);
  await page.locator('[data-step=pack] h3').click();
  assert.match(await page.locator('[data-step=pack]').innerText(), /Guessing, and cross about guessing[\s\S]*The lowest point of the journey/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.locator('.mini a').nth(10).click();
  await page.waitForFunction(() => Math.abs(document.querySelector('[data-step=expenses]').getBoundingClientRect().top) < 300);
  assert.match(await page.locator('[data-step=expenses]').innerText(), /Everything about this step/, 'a link opens what it leads to');
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, 'ids stand once');
}));

test('a page that was exchanged in place is set up again', () => stay(PHONE, async (page) => {
  await page.evaluate(async () => {
    const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
    document.querySelector('main').replaceWith(fresh.querySelector('main'));
    document.dispatchEvent(new Event('journeybook:swap'));
  });
  assert.equal(await page.locator('.read > details').count(), 12);
}));

test('forty steps and six personas: three sheets of A3, each with its heads and lanes', async () => {
  const page = await open(`${await journey(40, 6)}journeys/long.html`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.equal(await page.locator('.who').count(), 6);
  const file = join(scratch(), 'long.pdf');
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
  const sheets = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').filter((sheet) => sheet.trim());
  assert.equal(sheets.length, 3);
  assert.ok(sheets.every((sheet) => /Feelings/.test(sheet) && /Does/.test(sheet) && /During the visit/.test(sheet)));
  await close(page);
});
