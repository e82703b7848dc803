// The HTML validator of the W3C and WHATWG on every file of both sites.
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import vnu from 'vnu-jar';
import { handbooks, judge } from './harness.mjs';

/** vnu takes `'self'` in the policy of a file on disk for no address at all, so it says of each own file that it is blocked. */
const IGNORED = /^Resource violates Content Security Policy/;

function validate(folders) {
  const args = ['-Xss8m', '-jar', vnu, '--format', 'json', '--stdout', '--exit-zero-always', '--skip-non-html', ...folders];
  return new Promise((done, failed) => {
    execFile('java', args, { maxBuffer: 1 << 28 }, (error, stdout) => (error ? failed(error) : done(JSON.parse(stdout).messages)));
  });
}

test('vnu finds no error and no warning', async () => {
  const sites = await handbooks();
  const messages = await validate(sites.map((site) => site.folder));
  const misses = messages.filter(({ message }) => !IGNORED.test(message)).map(({ url, message, lastLine, extract }) => {
    const site = sites.find(({ folder }) => url.includes(`${folder}/`));
    return { key: `${site.name}${url.split(site.folder)[1]}`, detail: `line ${lastLine}: ${message} ${extract}` };
  });
  judge('vnu', misses);
});
