// Each kind of page by keyboard alone: all that can be used is reached, in order, seen when it has the focus, and left again.
import { test } from 'node:test';
import { each, handbooks, judge } from './harness.mjs';
import { kinds } from './kinds.mjs';

/** In the page: what has the focus, and what is wrong with it; after a frame, for the window to follow. */
async function focused() {
  await new Promise((drawn) => requestAnimationFrame(drawn));
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  window.stops ??= new Set();
  const again = window.stops.has(element);
  window.stops.add(element);
  const box = element.getBoundingClientRect();
  const outlined = (style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const shown = [element, ...(element.labels ?? []), ...element.children, element.nextElementSibling].filter(Boolean);
  const marked = shown.some((part) => outlined(getComputedStyle(part)));
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  const wrong = !marked ? 'has no mark of focus' : !seen ? 'is not in the window' : null;
  const name = `${element.localName}.${element.getAttribute('class') ?? ''} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  return { again, wrong: wrong && `${name} ${wrong}` };
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

async function walk(page) {
  const wanted = await page.evaluate(reachable);
  for (let stops = 0; stops <= wanted + 5; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(focused);
    if (!stop || stop.again) return stops < wanted ? `${stops} of ${wanted} reached` : null;
    if (stop.wrong) return stop.wrong;
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
