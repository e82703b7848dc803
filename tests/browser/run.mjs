// Builds and serves both handbooks, starts one browser, and runs the specs: all, or those that are named (`node run.mjs map print`).
// `ONLY=coverage` looks only at pages with that in their path.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, end, later, launch, serve, sources } from './harness.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const ALONE = 'lighthouse.spec.mjs';

function specs(wanted) {
  const all = readdirSync(here).filter((name) => name.endsWith('.spec.mjs')).sort();
  return wanted.length ? all.filter((name) => wanted.includes(name.replace('.spec.mjs', ''))) : all;
}

async function sites() {
  const entries = Object.entries(sources).map(async ([name, source]) => {
    const folder = build(source);
    return [name, { folder, url: await serve(folder) }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function run(names, environment) {
  if (!names.length) return 0;
  const args = ['--test', '--test-reporter=spec', ...names];
  const child = spawn(process.execPath, args, { cwd: here, stdio: 'inherit', env: { ...process.env, ...environment } });
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)));
}

const wanted = specs(process.argv.slice(2));
const browser = await chromium.launchServer(launch);
later(() => browser.close());
const environment = { JOURNEYBOOK_BROWSER: browser.wsEndpoint(), JOURNEYBOOK_SITES: JSON.stringify(await sites()) };
const together = await run(wanted.filter((name) => name !== ALONE), environment);
const alone = await run(wanted.filter((name) => name === ALONE), environment);
await end();
process.exitCode = together || alone;
