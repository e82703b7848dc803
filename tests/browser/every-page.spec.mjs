// Every page of both handbooks, visited once: axe in both schemes and widths, width by width, with an eye on the console.
import { before, test } from 'node:test';
import { axe, axeSource, each, handbooks, judge } from './harness.mjs';

/** The second is what 200 % zoom leaves of 1440. */
const WIDTHS = [360, 720, 768, 1440, 2560];
/** What a scheme alone can change. */
const COLOURS = { runOnly: ['color-contrast', 'link-in-text-block'] };

const found = { axe: [], sideways: [], console: [] };

before(async () => {
  const sites = await handbooks();
  const all = sites.flatMap((site) => site.pages.map((path) => ({ path, url: site.url + path, key: `${site.name}/${path}` })));
  await each(all, visit, { init: axeSource });
});

async function visit(page, { url, key }) {
  await page.goto(url);
  await look(page, key, 1440);
  await look(page, key, 390);
  for (const width of WIDTHS) await measure(page, key, width);
  found.console.push(...page.problems.map((problem) => ({ key, detail: problem })));
}

async function look(page, key, width) {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(() => document.querySelectorAll('details').forEach((folded) => { folded.open = true; }));
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme });
    const misses = await axe(page, scheme === 'dark' ? COLOURS : {});
    found.axe.push(...misses.map(({ rule, where, why }) => ({ key: `${key} ${rule}`, detail: `${width} ${scheme}: ${where}\n    ${why}` })));
  }
}

async function measure(page, key, width) {
  await page.setViewportSize({ width, height: 900 });
  const wide = await page.evaluate(outside);
  if (wide) found.sideways.push({ key: `${key} ${width}`, detail: wide });
}

/** In the page: what makes it scroll sideways, or lies outside of it and of any frame of its own. */
function outside() {
  const width = document.documentElement.clientWidth;
  const frames = new Map();
  const framed = (element) => {
    if (!element || element === document.body) return false;
    if (!frames.has(element)) frames.set(element, getComputedStyle(element).overflowX !== 'visible' || framed(element.parentElement));
    return frames.get(element);
  };
  const name = (element) => `${element.localName}.${element.getAttribute('class') ?? ''} ${Math.round(element.getBoundingClientRect().right)} > ${width}`;
  const over = [...document.body.querySelectorAll('*')].find((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 && !framed(element.parentElement);
  });
  const scrolls = document.documentElement.scrollWidth > width;
  return over ? name(over) : scrolls ? `the page is ${document.documentElement.scrollWidth} wide, its window ${width}` : null;
}

test('axe finds nothing, light and dark, at 1440 and 390', () => judge('axe', found.axe));
test('nothing scrolls sideways outside of a frame of its own', () => judge('sideways', found.sideways));
test('no console message, no failed request, no other host', () => judge('console', found.console));
