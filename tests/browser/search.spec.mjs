// Search as readers use it: in both languages, with the wrong letters, by keyboard, and from disk.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { axe, build, close, handbooks, open, scratch, serve } from './harness.mjs';

let english;
let dutch;
before(async () => {
  [english, dutch] = (await handbooks()).map((site) => site.url);
});

/** Waits until the answer to what stands in the field is there. */
const answered = (page) => page.waitForFunction(() => document.querySelector('form[data-search]').dataset.answered === document.getElementById('_q').value);
const titles = (page) => page.locator('#_hits a').allTextContents();

async function find(page, query) {
  await page.fill('#_q', query);
  await answered(page);
  return titles(page);
}

/** What a site finds for each query. */
async function all(url, queries) {
  const page = await open(`${url}search.html`);
  const found = [];
  for (const query of queries) found.push(await find(page, query));
  assert.deepEqual(page.problems, []);
  await close(page);
  return found;
}

test('titles come first, and of these the shorter ones', async () => {
  const [drying, desk, checkIn] = await all(english, ['drying room', 'front desk', 'check-in']);
  assert.equal(drying[0], 'Drying room');
  assert.equal(desk[0], 'Front desk');
  assert.equal(checkIn[0], 'Check-in card');
});

test('pages are found by their titles', async () => {
  for (const { url, folder } of await handbooks()) {
    const { entities } = JSON.parse(readFileSync(join(folder, 'handbook.json'), 'utf8'));
    const some = entities.map(({ title }) => title).filter((title, at) => at % 7 === 0);
    const found = await all(url, some);
    some.forEach((title, at) => assert.ok(found[at].slice(0, 3).includes(title), `${title}: ${found[at].join(' · ')}`));
  }
});

test('forms of a word find each other, in both languages', async () => {
  const [arrival, arrivals, arrive] = await all(english, ['arrival ', 'arrivals ', 'arriving ']);
  assert.deepEqual(arrivals, arrival);
  assert.deepEqual(arrive, arrival);
  const [reis, reizen, huis, huizen, patient, accents] = await all(dutch, ['reis ', 'reizen ', 'huis ', 'huizen ', 'patienten ', 'patiënten ']);
  assert.ok(reis.length > 0 && huis.length > 0 && patient.length > 0);
  assert.deepEqual(reizen, reis);
  assert.deepEqual(huizen, huis);
  assert.deepEqual(accents, patient);
});

test('a word that is being typed finds what it may become', async () => {
  const words = ['b', 'bre', 'breakf', 'breakfas'];
  for (const found of await all(english, words)) assert.equal(found[0], 'Breakfast');
  const [restaurant] = await all(english, ['restauran']);
  assert.ok(restaurant.includes('Dinner in the restaurant'));
});

test('wrong letters are forgiven: one in four, two in eight', async () => {
  const [added, missing, changed, exchanged, two] = await all(english, ['saunaa', 'braekfast', 'drjing room', 'invocie', 'buisness travelers']);
  assert.equal(added[0], 'Sauna');
  assert.equal(missing[0], 'Breakfast');
  assert.equal(changed[0], 'Drying room');
  assert.ok(exchanged[0].includes('nvoice'), exchanged[0]);
  assert.equal(two[0], 'Business travellers');
  const [fysio, none] = await all(dutch, ['fysioterapie', 'zqxj']);
  assert.ok(fysio.some((title) => title.startsWith('Fysiotherapie')));
  assert.deepEqual(none, []);
});

test('results are grouped by type and counted', async () => {
  const page = await open(`${dutch}search.html?q=wacht`);
  await answered(page);
  const groups = await page.locator('#_hits h2').allTextContents();
  assert.ok(groups.includes('Contactpunten'), groups.join());
  assert.equal(new Set(groups).size, groups.length);
  assert.match(await page.textContent('#_said'), /^\d+ pagina’s gevonden$/);
  const shown = (await titles(page)).length;
  await page.getByRole('button', { name: 'Meer tonen' }).click();
  await page.waitForFunction((before) => document.querySelectorAll('#_hits a').length > before, shown);
  assert.deepEqual(await axe(page), []);
  await close(page);
});

test('all by keyboard: slash, arrows, Enter, Escape', async () => {
  const page = await open(`${english}touchpoints/sauna.html`);
  await page.keyboard.press('/');
  await page.waitForURL(/search\.html/);
  await page.keyboard.type('front desk');
  await answered(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Front desk');
  await page.keyboard.press('Escape');
  assert.deepEqual(await page.evaluate(() => [document.activeElement.id, document.activeElement.value]), ['_q', '']);
  assert.equal(await page.locator('#_index').isVisible(), true);
  await page.keyboard.type('front desk');
  await answered(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(/touchpoints\/front-desk\.html/);
  await page.goBack();
  await answered(page);
  assert.equal((await titles(page))[0], 'Front desk');
  await close(page);
});

test('from disk, and after serve exchanged the page', async () => {
  const [{ folder }] = await handbooks();
  const page = await open(pathToFileURL(join(folder, 'search.html')).href);
  assert.equal((await find(page, 'breakfast'))[0], 'Breakfast');
  await page.evaluate(() => {
    const main = document.querySelector('main');
    main.replaceWith(main.cloneNode(true));
    document.dispatchEvent(new CustomEvent('journeybook:swap'));
  });
  assert.equal((await find(page, 'sauna'))[0], 'Sauna');
  assert.deepEqual(page.problems, []);
  await close(page);
});

test('texts are text, whatever they look like', async () => {
  const root = join(scratch(), 'hostile');
  mkdirSync(join(root, 'content/pages'), { recursive: true });
  writeFileSync(join(root, 'book.toml'), 'title = "Hostile"\nlanguage = "en"\n');
  const bad = '<img src=x onerror=alert(1)> </script><b>desk</b>';
  const escaped = bad.replaceAll('<', '\\<');
  writeFileSync(join(root, 'content/pages/bad.md'), `---\ntitle: '${escaped}'\nsummary: '${escaped}'\n---\n`);
  const page = await open(`${await serve(build(root))}search.html?q=desk`);
  await answered(page);
  assert.deepEqual(await titles(page), [bad]);
  assert.equal(await page.locator('#_hits img, #_hits b, #_hits script').count(), 0);
  assert.deepEqual(page.problems, []);
  await close(page);
});

test('without JavaScript the page lists what there is', async () => {
  const page = await open(`${english}search.html`, { javaScriptEnabled: false });
  assert.ok((await page.locator('#_index a').count()) > 100);
  assert.match(await page.content(), /Searching needs JavaScript/);
  await close(page);
});
