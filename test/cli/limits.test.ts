import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ACCOUNT, smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const NAMES = Array.from({ length: 21 }, (_, index) => `p${String(index + 1).padStart(2, '0')}@example.com`);

/** An account with so many people who have nothing, and a policy file about them. */
async function world(count: number, policy: readonly string[]) {
  const accesses = NAMES.slice(0, count).map((email, index) => ({ access: 101 + index, kind: 'user' as const, email }));
  const owner = { access: 1, kind: 'user' as const, email: 'owner@example.com', owner: true };
  const simulator = await simulate({ seed: smallSeed({ accesses: [owner, ...accesses] }) });
  const text = [
    `version: 1`,
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    'unlisted: keep',
    'protected: []',
    ...policy,
    'paused: false',
    '',
  ];
  const cwd = workplace({ 'policy.yaml': text.join('\n') });
  const grantd = (...args: readonly string[]): Promise<Printed> => runCli(args, { cwd, env: pointedAt(simulator) });
  return { simulator, grantd, file: (name: string) => readFileSync(join(cwd, name), 'utf8') };
}

/** Everyone who has a row now, by the order of their access ids. */
const who = (simulator: Simulator) =>
  simulator
    .state()
    .accesses.filter(({ who: name, rows }) => NAMES.includes(name) && Object.keys(rows).length > 0)
    .map(({ who: name }) => name);

/** The digests of the held parts, in the order of the plan. */
const digestsOf = ({ stdout }: Printed): readonly string[] =>
  JSON.parse(stdout).held.map(({ digest }: { readonly digest: string }) => digest);

describe('what is approved counts', () => {
  const TWO_ADMINS = [
    'limits: { revokes: { principals: 5, percent: 50 }, admins: 1, newAdmins: 1 }',
    'grants:',
    `  - { to: [${NAMES[0]}, ${NAMES[1]}], resource: account, level: admin }`,
  ];

  it('one new account admin is approved, and the other one stays held', async () => {
    const { simulator, grantd } = await world(2, TWO_ADMINS);
    const [digest = ''] = digestsOf(await grantd('plan', '--format', 'json'));
    const { code, stdout } = await grantd('apply', '--yes', '--approve', digest);
    expect(code).toBe(3);
    expect(who(simulator)).toEqual([NAMES[0]]);
    expect(stdout).not.toContain('Still to do');
    expect(stdout).toContain(
      `2 would newly become account admin: ${NAMES[0]}, ${NAMES[1]}. The limit is 1. 1 of them is approved, and counts`,
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Account ${ACCOUNT}: 1 applied. 1 change held by admin-limit.`);
  });

  it('also with a plan that was saved before', async () => {
    const { simulator, grantd } = await world(2, TWO_ADMINS);
    const [digest = ''] = digestsOf(await grantd('plan', '--format', 'json', '--out', 'plan.json'));
    expect((await grantd('apply', '--yes', '--plan', 'plan.json', '--approve', digest)).code).toBe(3);
    expect(who(simulator)).toEqual([NAMES[0]]);
  });

  it('both, each by its digest in the first plan, run together', async () => {
    const { simulator, grantd } = await world(2, TWO_ADMINS);
    const digests = digestsOf(await grantd('plan', '--format', 'json'));
    const approve = digests.flatMap((digest) => ['--approve', digest]);
    expect((await grantd('apply', '--yes', ...approve)).code).toBe(0);
    expect(who(simulator)).toEqual(NAMES.slice(0, 2));
  });
});

describe('limits.gains', () => {
  const all = (limits: string, count: number) => [
    `limits: { revokes: { principals: 5, percent: 50 }, ${limits}admins: 1 }`,
    'grants:',
    `  - { to: [${NAMES.slice(0, count).join(', ')}], resource: "project:*", level: admin }`,
  ];

  it('of five holds all of seven who would gain something, and says so', async () => {
    const { simulator, grantd } = await world(7, all('gains: { principals: 5 }, ', 7));
    const plan = await grantd('plan', '--detailed-exitcode');
    expect(plan.code).toBe(3);
    expect(plan.stdout).toContain(`gain-limit: 7 would gain access: ${NAMES.slice(0, 7).join(', ')}. The limit is 5`);
    expect(plan.stdout).toContain('or raise `limits.gains` in a reviewed change of the policy');
    const markdown = await grantd('plan', '--format', 'markdown');
    expect(markdown.stdout).toContain('gain-limit');
    expect((await grantd('apply', '--yes')).code).toBe(3);
    expect(simulator.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
    const [one = '', two = ''] = digestsOf(await grantd('plan', '--format', 'json'));
    expect((await grantd('apply', '--yes', '--approve', one, '--approve', two)).code).toBe(3);
    expect(who(simulator)).toEqual(NAMES.slice(0, 2));
  });

  it('lets five of five pass', async () => {
    const { simulator, grantd } = await world(5, all('gains: { principals: 5 }, ', 5));
    expect((await grantd('apply', '--yes')).code).toBe(0);
    expect(who(simulator)).toEqual(NAMES.slice(0, 5));
  });

  it.each([
    [20, 0],
    [21, 3],
  ])('that is not written is 20: %i gain, exit code %i', async (count, code) => {
    const { simulator, grantd } = await world(count, all('', count));
    expect((await grantd('apply', '--yes')).code).toBe(code);
    expect(who(simulator)).toHaveLength(code === 0 ? count : 0);
  });

  it('with a percentage alone counts that share of those listed', async () => {
    const { simulator, grantd } = await world(10, all('gains: { percent: 50 }, ', 10));
    const { code, stdout } = await grantd('apply', '--yes');
    expect([code, who(simulator)]).toEqual([3, []]);
    expect(stdout).toContain('The limit is 5: the smaller of 20 and 50 % of the 10 that the policy lists, at least 1');
  });
});
