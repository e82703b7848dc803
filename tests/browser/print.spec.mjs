// Pages on paper: how many sheets, and of what size.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { each, handbooks, judge, scratch } from './harness.mjs';

/** Millimetres, with the short side first. */
const FORMATS = { '297×420': 'A3', '210×297': 'A4' };

/** What is printed, and what its sheets may be. */
const PRINTED = [
  { site: 'zuiderduin', path: 'journeys/business-stay.html', format: 'A3 landscape', most: 1 },
  { site: 'zuiderduin', path: 'journeys/team-offsite.html', format: 'A3 landscape', most: 1 },
  { site: 'zuiderduin', path: 'journeys/stormy-weekend.html', format: 'A3 landscape', most: 1 },
  { site: 'de-linde', path: 'journeys/nieuwe-heup.html', format: 'A3 landscape', most: 1 },
  { site: 'zuiderduin', path: 'personas/nora-brandsma.html', format: 'A4 portrait', most: 2 },
  { site: 'zuiderduin', path: 'touchpoints/front-desk.html', format: 'A4 portrait', most: 2 },
  { site: 'zuiderduin', path: 'departments/front-office.html', format: 'A4 portrait', most: 8 },
  { site: 'zuiderduin', path: 'improvements/index.html', format: 'A4', most: 4 },
];

function sheets(file) {
  const said = execFileSync('pdfinfo', ['-f', '1', '-l', '999', file], { encoding: 'utf8' });
  return [...said.matchAll(/size:\s+([\d.]+) x ([\d.]+) pts/g)].map(([, width, height]) => format(width, height));
}

function format(width, height) {
  const [w, h] = [width, height].map((points) => Math.round((points * 25.4) / 72));
  const name = FORMATS[[w, h].sort((a, b) => a - b).join('×')] ?? `${w} mm × ${h} mm`;
  return `${name} ${w > h ? 'landscape' : 'portrait'}`;
}

test('sheets are as many and as large as they should be', async () => {
  const sites = await handbooks();
  const folder = scratch();
  const misses = await each(PRINTED, async (page, { site, path, format, most }) => {
    await page.goto(sites.find(({ name }) => name === site).url + path);
    const file = join(folder, `${site}-${path.replaceAll('/', '-')}.pdf`);
    writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
    const printed = sheets(file);
    const good = printed.length <= most && printed.every((sheet) => sheet.startsWith(format));
    return good ? [] : [{ key: `${site}/${path}`, detail: `${printed.length} sheets: ${[...new Set(printed)].join(', ')}; wanted ${most}, ${format}` }];
  });
  judge('print', misses.flat());
});
