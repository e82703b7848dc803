// The page of what changed: ticks, notes, the copied comment, filters, axe; served and from disk, in light, dark and on a phone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { axe, axeSource, build, close, open, preview, root, scratch, serve } from './harness.mjs';

/** The ferry's handbook with a change of each sort since what was committed. */
function changed(language) {
  const folder = scratch();
  const path = (name) => join(folder, name);
  const replace = (name, from, to) => {
    const text = readFileSync(path(name), 'utf8');
    assert.ok(text.includes(from), `${name}: ${from}`);
    writeFileSync(path(name), text.replace(from, to));
  };
  const git = (...args) => execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { cwd: folder });
  cpSync(join(root, 'tests/diff/handbook'), folder, { recursive: true });
  replace('book.toml', 'currency', `language = "${language}"\ncurrency`);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'before');
  writeFileSync(path('content/personas/bob.md'), '---\ntitle: Bob\nowner: office\nevidence: [talks]\n---\n');
  replace('content/journeys/trip.md', 'personas: [anna]', 'personas: [anna, bob]');
  replace('content/journeys/trip.md', 'emotion: -1\n', 'emotion: 0.5\n');
  replace('content/journeys/trip.md', 'presence: 35', 'presence: 12');
  replace('content/journeys/trip.md', '      - id: cross\n', '      - id: board\n        title: Go on board\n        emotion: 0\n        lead: crew\n      - id: cross\n');
  replace('content/journeys/trip.md', 'touchpoints: [bar]', 'touchpoints: [website]');
  replace('content/journeys/trip.md', 'twenty minutes', 'forty minutes');
  replace('content/touchpoints/quay.md', 'Says when the next boat leaves.', 'Says why the boat is late.');
  replace('content/improvements/list.md', 'spent: 250 EUR', 'spent: 600 EUR');
  rmSync(path('content/touchpoints/bar.md'));
  return folder;
}

/** Its site, compared with what was committed. */
const compared = (language) => build(changed(language), { args: ['--compare', 'main'] });

const english = compared('en');

/** Opens the page as a reader would who may paste what was copied. */
async function opened(url, more = {}) {
  const page = await open(undefined, more);
  await page.goto(url);
  return page;
}

const ticks = (page) => page.locator('.ent:visible [data-tick]');
const progress = (page) => page.locator('[data-progress]').innerText();

for (const [name, address] of [['served', async (site) => `${await serve(site)}changes.html`], ['from disk', async (site) => `file://${site}/changes.html`]]) {
  test(`ticks and notes are kept and copied as one comment, ${name}`, async () => {
    const page = await opened(await address(english));
    const all = await page.locator('.ent[data-seen]').count();
    assert.ok(all >= 5, `${all} changes`);
    assert.equal(await progress(page), `0 of ${all} seen`);
    await ticks(page).first().check();
    await page.getByLabel('Note: The quay').fill('Why did we\nchange this?');
    await page.getByLabel('Note: Bob').fill('Who is he?');
    assert.equal(await progress(page), `1 of ${all} seen`);
    await page.reload();
    assert.equal(await progress(page), `1 of ${all} seen`);
    assert.equal(await ticks(page).first().isChecked(), true);
    await page.getByRole('button', { name: 'Copy notes as one comment' }).click();
    const comment = await page.getByLabel('Your comment').inputValue();
    const lines = comment.split('\n');
    assert.match(lines[0], /^### What changed: main \([0-9a-f]{8}\) → the files as they are$/);
    assert.equal(lines[2], `1 of ${all} seen`);
    assert.ok(comment.includes('- **Bob**: Who is he?\n') && comment.includes('- **The quay**: Why did we\n  change this?\n'), comment);
    await page.getByText('Copied.').waitFor();
    await page.getByRole('button', { name: 'Forget ticks and notes' }).click();
    assert.equal(await progress(page), `0 of ${all} seen`);
    await page.reload();
    assert.equal(await page.getByLabel('Note: Bob').inputValue(), '');
    assert.deepEqual(page.problems, []);
    await close(page);
  });
}

test('ticks, notes and filters go on working when a save exchanges the page', async () => {
  const folder = changed('en');
  const page = await opened(`${await preview(folder, ['--compare', 'main'])}changes.html`);
  await page.getByLabel('Note: Bob').fill('Who is he?');
  await page.getByLabel('Type').selectOption('touchpoint');
  const quay = join(folder, 'content/touchpoints/quay.md');
  writeFileSync(quay, readFileSync(quay, 'utf8').replace('Says why the boat is late.', 'Says so.'));
  await page.locator('ins', { hasText: 'so.' }).first().waitFor();
  assert.deepEqual(await page.locator('.ent[data-seen]:visible h3').allInnerTexts(), ['The bar on board', 'The quay'], 'still narrowed down');
  await page.getByLabel('Type').selectOption('');
  assert.equal(await page.getByLabel('Note: Bob').inputValue(), 'Who is he?');
  await ticks(page).first().check();
  assert.match(await progress(page), /^1 of \d+ seen$/);
  await page.getByRole('button', { name: 'Copy notes as one comment' }).click();
  assert.match(await page.getByLabel('Your comment').inputValue(), /- \*\*Bob\*\*: Who is he\?/);
  assert.deepEqual(page.problems, []);
  await close(page);
});

test('the changes can be narrowed down by type and by owner', async () => {
  const page = await opened(`file://${english}/changes.html`);
  const shown = () => page.locator('.ent[data-seen]:visible h3').allInnerTexts();
  const all = (await shown()).length;
  await page.getByLabel('Type').selectOption('touchpoint');
  assert.deepEqual(await shown(), ['The bar on board', 'The quay']);
  assert.equal(await page.locator('[data-narrow] output').innerText(), `2 of ${all} changes`);
  assert.equal(await page.getByRole('heading', { name: 'Personas' }).count(), 0);
  await page.getByLabel('Type').selectOption('');
  await page.getByLabel('Owner').selectOption({ label: 'The office' });
  assert.deepEqual(await shown(), ['Bob']);
  await page.locator('.toc a', { hasText: 'The quay' }).click();
  assert.equal((await shown()).length, all, 'a link to what is hidden shows it again');
  await close(page);
});

test('without a script everything is there to be read, and nothing that would not work', async () => {
  const page = await opened(`file://${english}/changes.html`, { javaScriptEnabled: false });
  assert.ok((await page.locator('.ent:visible').count()) >= 5);
  for (const hidden of ['[data-narrow]', '[data-mine]', '.ent__s']) assert.equal(await page.locator(`${hidden}:visible`).count(), 0, hidden);
  await close(page);
});

test('both curves lie over one another with their changed steps outlined', async () => {
  const page = await opened(`file://${english}/changes.html`);
  const steps = await page.locator('.overx li').evaluateAll((items) => items.map((item) => [item.className, item.querySelector('a')?.textContent]));
  assert.deepEqual(steps.filter(([mark]) => mark), [['is-chg', 'Wait on the quay'], ['is-add', 'Go on board'], ['is-chg', 'Cross the water']]);
  for (const line of ['.curve__was', '.curve--over .curve__line']) assert.match(await page.locator(line).getAttribute('d'), /^M0 [\d.]+H/);
  assert.match(await page.locator('.curve--over').getAttribute('aria-label'), /Wait on the quay: −1 → \+0\.5/);
  await close(page);
});

test('in the dark nothing of the curves is black', async () => {
  const page = await opened(`file://${english}/changes.html`, { dark: true });
  const fills = await page.locator('.curve--over :is(circle, text)').evaluateAll((marks) => marks.map((mark) => getComputedStyle(mark).fill));
  assert.ok(fills.length > 3);
  assert.ok(!fills.includes('rgb(0, 0, 0)'), fills.join(' '));
  await close(page);
});

test('a changed page tells it quietly, and leads to where it is told', async () => {
  const page = await opened(`file://${english}/journeys/trip.html`);
  assert.match(await page.locator('.changed').innerText(), /Changed since main .*: .+\. What changed$/);
  await page.locator('.changed a').click();
  assert.equal(await page.locator('.ent:target h3').innerText(), 'A weekend on the island');
  await close(page);
});

for (const [name, language, settings] of [
  ['light', 'en', {}],
  ['dark', 'en', { dark: true }],
  ['on a phone', 'nl', { width: 390, height: 844 }],
]) {
  test(`axe finds nothing, ${name}`, async () => {
    const site = language === 'en' ? english : compared(language);
    const page = await opened(`file://${site}/changes.html`, { ...settings, init: axeSource });
    assert.deepEqual(await axe(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, 'the page does not scroll sideways');
    assert.deepEqual(page.problems, []);
    await close(page);
  });
}
