// Lighthouse on the pages that are opened most, with a browser of its own. Run last and alone: it measures.
import { test } from 'node:test';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { handbooks, judge, later, launch } from './harness.mjs';

const PAGES = ['index.html', 'journeys/business-stay.html', 'improvements/index.html'];
const LEAST = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 };

async function freePort() {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function measure(url, port) {
  const { lhr } = await lighthouse(url, { port, output: 'json', logLevel: 'error', onlyCategories: Object.keys(LEAST) });
  const failed = Object.values(lhr.audits).filter(({ score }) => score !== null && score < 1).map(({ id }) => id);
  const of = (category) => Math.round(lhr.categories[category].score * 100);
  return { failed, of, low: Object.keys(LEAST).filter((category) => of(category) < LEAST[category]) };
}

/** The best of three: other work on the machine only ever slows a page. */
async function scores(url, port) {
  let best = await measure(url, port);
  for (let again = 0; again < 2 && best.low.includes('performance'); again += 1) {
    const next = await measure(url, port);
    if (next.of('performance') > best.of('performance')) best = next;
  }
  return best;
}

test('Lighthouse gives full marks to home, map and board', async () => {
  const site = (await handbooks()).find(({ name }) => name === 'zuiderduin');
  const port = await freePort();
  const browser = await chromium.launch({ ...launch, args: [...launch.args, `--remote-debugging-port=${port}`] });
  later(() => browser.close());
  const misses = [];
  for (const path of PAGES) {
    const { of, failed, low } = await scores(site.url + path, port);
    misses.push(...low.map((category) => ({ key: `${path} ${category}`, detail: `${of(category)}; ${failed.join(', ')}` })));
    console.log(path, Object.keys(LEAST).map((category) => `${category} ${of(category)}`).join(', '));
  }
  judge('lighthouse', misses);
});
