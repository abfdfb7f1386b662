import { describe, expect, it } from 'vitest';
import { encodeSnapshot } from '../../src/adapters/snapshot/snapshot.ts';
import { validatePolicy } from '../../src/core/validate/validate-policy.ts';
import { checkPolicyShape } from '../core/validate/policy-text.ts';
import { buildAccount, listed } from '../support/account-builder.ts';
import { LARGE_POLICIES } from '../support/large-policies.mjs';
import { runGrantd } from '../support/process.ts';
import { workplace } from '../support/workplace.ts';

/** The heap that a process in a container of 256Mi can have. */
const HEAP = { NODE_OPTIONS: '--max-old-space-size=192' };

/** Of the people and projects of the policies, the account has a hundred. */
const NUMBERS = Array.from({ length: 100 }, (_, index) => index);
const ACCOUNT = buildAccount({
  tree: [
    listed(
      'account',
      3229,
      'A',
      NUMBERS.map((index) => listed('project', 4000 + index, `P${index}`)),
    ),
  ],
  accesses: NUMBERS.map((index) => ({
    access: 100 + index,
    user: `p${index}@example.com`,
    rows: { [`project:#${4000 + index}`]: 'viewer' as const },
  })),
});

/** Those that took the most memory of all with their groups, roles or patterns multiplied out. */
const WORST = LARGE_POLICIES.filter(({ name }) =>
  ['a group of 5000 in 5000 grants', 'a role of 500 names in 3000 grants, each with an exception'].includes(name),
);

describe('a heap of 192 MiB is enough', () => {
  it.each(WORST.map(({ name, text }) => [name, text]))('to plan with %s', async (_, text) => {
    const cwd = workplace({ 'policy.yaml': text, 'account.json': encodeSnapshot(ACCOUNT, 0) });
    const ended = await runGrantd(['plan', '--snapshot', 'account.json'], { cwd, env: HEAP });
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toContain('Account 3229, authoritative: ');
  });
});

it.each(LARGE_POLICIES.map(({ name, text }) => [name, text]))(
  '%s is valid, and no larger than a policy may be',
  (_, text) => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2 ** 20);
    expect(validatePolicy({ file: 'policy.yaml', text }, checkPolicyShape).ok).toBe(true);
  },
);
