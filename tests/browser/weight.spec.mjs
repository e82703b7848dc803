// What a reader has to load.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files, handbooks, judge } from './harness.mjs';

const STYLE = 40_000;
const SCRIPT = 25_000;
const JOURNEY = 150_000;
const PAGE = 60_000;

const size = (site, path) => statSync(join(site.folder, path)).size;
const sum = (site, end) => files(site.folder).filter((path) => /^assets\/[^/]+$/.test(path) && path.endsWith(end)).reduce((n, path) => n + size(site, path), 0);
const over = (key, bytes, limit) => (bytes > limit ? [{ key, detail: `${bytes} bytes, at most ${limit}` }] : []);

test('styles and scripts are light', async () => {
  const sites = await handbooks();
  judge('assets', sites.flatMap((site) => [...over(`${site.name} css`, sum(site, '.css'), STYLE), ...over(`${site.name} js`, sum(site, '.js'), SCRIPT)]));
});

test('pages are light', async () => {
  const sites = await handbooks();
  const limit = (path) => (/^journeys\/(?!index)/.test(path) ? JOURNEY : PAGE);
  judge('pages', sites.flatMap((site) => site.pages.flatMap((path) => over(`${site.name}/${path}`, size(site, path), limit(path)))));
});
