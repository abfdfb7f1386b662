import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/adapters/audit/audit-record.ts';
import { validatePolicy } from '../../src/core/validate/validate-policy.ts';
import { checkPolicyShape } from '../core/validate/policy-text.ts';
import { INVALID_TEXTS, LARGE_TEXTS } from '../support/hostile-texts.mjs';
import { simulate } from '../support/simulate.ts';
import { GIVING_POLICY, pointedAt, workplace } from '../support/workplace.ts';
import { addressOf, linesOf, logged, startDaemon } from './support/daemon.ts';

const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=192' };

const INVALID = Object.entries(INVALID_TEXTS);

/** Those that took the most memory before the number of tokens and of problems had limits. */
const WORST = [
  'quotes',
  'commas',
  'documents',
  'aliases',
  'unknown keys',
  'rules that all grants break',
  'lists in lists',
];

test.each(Object.entries(LARGE_TEXTS))('%s is valid', (_, text) => {
  const { problems } = validatePolicy({ file: 'policy.yaml', text }, checkPolicyShape);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.each(INVALID.filter(([name]) => !WORST.includes(name)))(
  'a text of %s is refused with the problem that it is about',
  (_, { text, problem }) => {
    const { problems } = validatePolicy({ file: 'policy.yaml', text }, checkPolicyShape);
    expect(problems.map(({ code }) => code)).toContain(problem);
  },
);

test('in a small heap the daemon goes on with the last good policy, and starts again with a hostile text in place', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': GIVING_POLICY });
  const args = ['policy.yaml', '--state-dir', 'state'];
  const env = { ...pointedAt(simulator), ...SMALL_HEAP };
  const daemon = startDaemon(args, { cwd, env });
  expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
  const hostile = INVALID.filter(([name]) => WORST.includes(name));
  expect(hostile).toHaveLength(WORST.length);
  for (const [index, [, { text, problem }]] of hostile.entries()) {
    writeFileSync(join(cwd, 'policy.yaml'), text);
    const line = (await logged(daemon, 'policy.rejected', index + 1))[index];
    expect(JSON.stringify(line)).toContain(problem);
  }
  const before = (await logged(daemon, 'run.ended')).length;
  await fetch(`${await addressOf(daemon)}/-/reconcile`, { method: 'POST' });
  expect((await logged(daemon, 'run.ended', before + 1)).at(-1)).toMatchObject({ end: 'complete' });

  daemon.kill('SIGKILL');
  await daemon.ended;
  const again = startDaemon(args, { cwd, env });
  await logged(again, 'policy.rejected');
  writeFileSync(join(cwd, 'policy.yaml'), GIVING_POLICY);
  expect((await logged(again, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
  again.kill('SIGTERM');
  expect(await again.ended).toMatchObject({ code: 0, signal: null });
});

test('in a small heap the daemon accepts each valid text of that size, applies it, and goes on', async () => {
  const simulator = await simulate();
  const giving = '  - { to: heidi@example.com, resource: "project:Checkout", level: viewer }\n';
  const texts = Object.values(LARGE_TEXTS).map((text) => text.replace(/^grants:\n.*\n/m, `grants:\n${giving}`));
  const cwd = workplace({ 'policy.yaml': GIVING_POLICY.replace(/^grants: .*$/m, 'grants: []') });
  const env = { ...pointedAt(simulator), ...SMALL_HEAP };
  const daemon = startDaemon(['policy.yaml', '--state-dir', 'state'], { cwd, env });
  await logged(daemon, 'run.ended');
  for (const [index, text] of texts.entries()) {
    writeFileSync(join(cwd, 'policy.yaml'), text);
    const line = (await logged(daemon, 'run.ended', index + 2))[index + 1];
    expect(line).toMatchObject({ end: 'complete', applied: index === 0 ? 1 : 0, remaining: 0 });
  }
  const accepted = linesOf(daemon, 'policy.accepted').slice(1);
  expect(accepted.map((line) => line['sha256'])).toEqual(texts.map((text) => sha256(text)));
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0, signal: null });
});
