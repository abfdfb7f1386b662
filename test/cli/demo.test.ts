import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/build.ts';
import { runGrantd, startGrantd } from '../support/process.ts';
import { POLICY, workplace } from '../support/workplace.ts';

test('demo --once shows every step, without a warning, and exits with 0', async () => {
  const ended = await runGrantd(['demo', '--once'], { cwd: workplace() });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const steps = ['1. The account', '2. The policy', '3. The plan', '4. Writing it', '5. Reading the account back'];
  const places = steps.map((step) => ended.stdout.indexOf(step));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(ended.stdout).toMatch(/Account 3229: \d+ applied\. Nothing to change/);
  expect(ended.stdout).not.toContain('\u001b');
});

test('demo shows a policy that is invalid, and says that grantd does not touch the account', async () => {
  const cwd = workplace({ 'mine.yaml': POLICY.replace('mode:', 'mood:') });
  const ended = await runGrantd(['demo', '--once', '--policy', 'mine.yaml'], { cwd });
  expect(ended.code).toBe(4);
  expect(ended.stdout).toContain('mine.yaml:3:1');
  expect(ended.stdout).toContain('grantd does not touch the account until you fix it');
});

test('demo applies a change of the policy, and repairs a change of the account', async () => {
  const cwd = workplace();
  const policy = join(cwd, 'mine.yaml');
  copyFileSync(join(ROOT, 'config', 'policy.example.yaml'), policy);
  const demo = startGrantd(['demo', '--policy', 'mine.yaml'], { cwd });
  await demo.printed('Ctrl-C ends the demo.');

  const [, url, body] = /curl -s (\S+) -d '(.*remove-row.*)'/.exec(demo.stdout) ?? [];
  await fetch(url ?? '', { method: 'POST', body: body ?? '' });
  await demo.printed(/no longer equals the policy[\s\S]*1 applied/);

  writeFileSync(policy, 'version: [\n');
  await demo.printed('until you fix it, grantd only removes access that has expired');
  const lengthBefore = demo.stdout.length;

  const text = readFileSync(join(ROOT, 'config', 'policy.example.yaml'), 'utf8');
  writeFileSync(`${policy}.new`, `# saved by an editor that renames\n${text}`);
  renameSync(`${policy}.new`, policy);
  await demo.printed('The policy changed');
  expect(demo.stdout.slice(lengthBefore)).not.toContain('no longer equals the policy');

  demo.kill('SIGINT');
  expect(await demo.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('demo ends quietly when its output has no reader any more', async () => {
  const demo = startGrantd(['demo'], { cwd: workplace() });
  await demo.printed('Ctrl-C ends the demo.');
  const [, url, body] = /curl -s (\S+) -d '(.*remove-row.*)'/.exec(demo.stdout) ?? [];
  demo.stopReading();
  await fetch(url ?? '', { method: 'POST', body: body ?? '' });
  expect(await demo.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});
