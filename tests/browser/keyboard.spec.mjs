// Each kind of page by keyboard alone: all that can be used is reached, in order, seen when it has the focus, and left again.
import { test } from 'node:test';
import { each, handbooks, judge } from './harness.mjs';
import { kinds } from './kinds.mjs';

/** In the page: what has the focus, and what is wrong with it or with the mark that the one before had. */
async function focused() {
  await new Promise((drawn) => requestAnimationFrame(drawn));
  const look = (element) => {
    const parts = [element, ...(element.labels ?? []), ...element.children, element.nextElementSibling].filter(Boolean);
    const styles = parts.map((part) => getComputedStyle(part));
    return styles.map((style) => [style.outline, style.boxShadow, style.stroke, style.backgroundColor, style.borderColor].join()).join();
  };
  const name = (element) => `${element.localName}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  const seen = ({ width, height, top, bottom }) => width > 0 && height > 0 && bottom > 0 && top < innerHeight;
  const before = window.focusedBefore;
  const unmarked = before && look(before.element) === before.look && `${name(before.element)} has no mark of focus`;
  const element = document.activeElement;
  if (!element || element === document.body) return unmarked ? { wrong: unmarked } : null;
  window.focusedBefore = { element, look: look(element) };
  window.stops ??= new Set();
  const again = window.stops.has(element);
  window.stops.add(element);
  const hidden = !seen(element.getBoundingClientRect()) && `${name(element)} is not in the window`;
  return { again, wrong: unmarked || hidden };
}

/** In the page: how many elements there are to reach. A group of radio buttons is one. */
function reachable() {
  const groups = new Set();
  const can = (element) => {
    if (element.disabled || element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== 'radio') return true;
    return !groups.has(element.name) && groups.add(element.name);
  };
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]');
  return [...all].filter((element) => can(element) && !element.closest('[inert]')).length;
}

/** In the page: two frames on, frames that need not scroll are no stops any more. */
const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

async function walk(page) {
  await page.evaluate(settled);
  const wanted = await page.evaluate(reachable);
  for (let stops = 0; stops <= wanted + 5; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(focused);
    if (stop?.wrong) return stop.wrong;
    if (!stop || stop.again) return stops < wanted ? `${stops} of ${wanted} reached` : null;
  }
  return null;
}

test('all by keyboard, with the focus in sight', async () => {
  const sites = await handbooks();
  const all = sites.flatMap((site) => kinds[site.name].map((path) => ({ key: `${site.name}/${path}`, url: site.url + path })));
  const misses = await each(all, async (page, { key, url }) => {
    await page.goto(url);
    const detail = await walk(page);
    return detail ? [{ key, detail }] : [];
  }, { reducedMotion: 'reduce' });
  judge('keyboard', misses.flat());
});
