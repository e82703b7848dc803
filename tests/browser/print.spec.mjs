// Pages on paper: how many sheets, and of what size.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { close, each, handbooks, judge, open, scratch } from './harness.mjs';

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

test('the table of improvements goes on under its heads, with more than a row', async () => {
  const site = (await handbooks()).find(({ name }) => name === 'zuiderduin');
  const page = await open(`${site.url}improvements/index.html`);
  const file = join(scratch(), 'table.pdf');
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
  await close(page);
  const said = (sheet) => execFileSync('pdftotext', ['-f', `${sheet}`, '-l', `${sheet}`, '-layout', file, '-'], { encoding: 'utf8' }).split('\n');
  const rows = (sheet) => said(sheet).filter((line) => /^ *\d+ {2,}\S/.test(line)).length;
  const sheets = [3, 4, 5].filter((sheet) => sheet <= Number(execFileSync('pdfinfo', [file], { encoding: 'utf8' }).match(/Pages: +(\d+)/)[1]));
  const table = sheets.filter((sheet) => rows(sheet) > 0);
  assert.ok(table.length > 0);
  for (const sheet of table) {
    assert.ok(rows(sheet) >= 4, `${rows(sheet)} rows on sheet ${sheet}`);
    assert.ok(said(sheet).slice(0, 4).some((line) => /RICE/.test(line)), `no heads on sheet ${sheet}`);
  }
});
