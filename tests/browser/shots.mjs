// Pictures of one page of each kind in four forms: wide, on a phone, dark, and printed (its first sheet). They lie in `shots/` at the
// project's root, which git ignores. `npm run shots`, or `npm run shots -- coverage` for pages with that in their path.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { each, end, handbooks, root } from './harness.mjs';
import { kinds } from './kinds.mjs';

const out = join(root, 'shots');
const only = process.argv[2] ?? '';
const FORMS = { wide: { width: 1440 }, phone: { width: 390, height: 844, hasTouch: true }, dark: { width: 1440, dark: true } };

const file = (site, path, form) => join(out, `${site}-${path.replaceAll('/', '-').replace('.html', '')}-${form}`);

async function printed(site, paths) {
  await each(paths, async (page, path) => {
    await page.goto(site.url + path);
    const to = file(site.name, path, 'print');
    writeFileSync(`${to}.pdf`, await page.pdf({ preferCSSPageSize: true }));
    execFileSync('pdftoppm', ['-png', '-r', '80', '-l', '1', '-singlefile', `${to}.pdf`, to]);
    rmSync(`${to}.pdf`);
  });
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
let count = 0;
for (const site of await handbooks()) {
  const paths = kinds[site.name].filter((path) => path.includes(only));
  for (const [form, options] of Object.entries(FORMS)) {
    await each(paths, async (page, path) => {
      await page.goto(site.url + path);
      await page.screenshot({ path: `${file(site.name, path, form)}.png`, fullPage: true });
    }, options);
  }
  await printed(site, paths);
  count += paths.length * (Object.keys(FORMS).length + 1);
}
await end();
console.log(`${count} pictures in shots/`);
