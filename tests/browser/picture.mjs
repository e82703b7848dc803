// The README's picture: the map of a journey as a reader first sees it. `npm run picture` writes docs/map.png.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { close, end, handbooks, open, root } from './harness.mjs';

const MOST = 300_000;
const [site] = await handbooks();
const page = await open(`${site.url}journeys/business-stay.html`, { width: 1280, height: 1000 });
const file = join(root, 'docs/map.png');
await page.screenshot({ path: file });
await close(page);
await end();
const { size } = statSync(file);
console.log(`docs/map.png: ${size} bytes`);
if (size > MOST) {
  console.error(`It may have ${MOST}.`);
  process.exitCode = 1;
}
