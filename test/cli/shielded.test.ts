import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { ACCOUNT, smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const ADMIN = { type: 'account', id: ACCOUNT, level: 100 };
const SEED = smallSeed({
  accesses: [
    { access: 1, kind: 'user', email: 'kim@example.com', rows: [ADMIN] },
    { access: 2, kind: 'user', email: 'max@example.com', rows: [ADMIN, { type: 'inbox', id: 12, level: 100 }] },
  ],
});

let simulator: Simulator;
beforeEach(async () => {
  simulator = await simulate({ seed: SEED });
});
afterEach(() => simulator.close());

/** Max’s only grant makes him viewer of one inbox, from this moment on. */
const policy = (from: string, unlisted = 'revoke') => `version: 1
account: ${ACCOUNT}
mode: authoritative
unlisted: ${unlisted}
protected: []
limits: { revokes: { principals: 5, percent: 100 }, admins: 1 }
grants:
  - { to: kim@example.com, resource: account, level: admin }
  - { to: max@example.com, resource: inbox:Web/Test, level: viewer, from: ${from} }
paused: false
`;

describe('somebody whose only grant lies ahead (case G21)', () => {
  const world = (text: string) => ({ cwd: workplace({ 'policy.yaml': text }), env: pointedAt(simulator) });

  test('loses all that is unlisted, where it begins far ahead', async () => {
    const ended = await runCli(['apply', 'policy.yaml', '--yes'], world(policy('2999-01-01')));
    expect(ended.code).toBe(0);
    expect(ended.stderr + ended.stdout).toContain('no grant that has begun names them');
    expect(ended.stderr + ended.stdout).not.toContain('no grant names them');
    expect(simulator.rows(2)).toEqual({});
  });

  test('keeps what the grant will give, from 30 days before it begins, and the plan says so', async () => {
    const soon = world(policy(inDays(29)));
    const planned = await runCli(['plan', 'policy.yaml', '--verbose'], soon);
    expect(planned.stdout).toContain('keeps inbox:Web/Test viewer: a grant that gives it begins within 30 days');
    const ended = await runCli(['apply', 'policy.yaml', '--yes'], soon);
    expect(ended.code).toBe(0);
    expect(simulator.rows(2)).toEqual({ 'inbox:12': 10 });
    expect(ended.stdout).not.toContain('the account is as the policy says.');
  });

  test('loses nothing with `unlisted: keep`', async () => {
    await runCli(['apply', 'policy.yaml', '--yes'], world(policy('2999-01-01', 'keep')));
    expect(simulator.rows(2)).toEqual({ 'account:3229': 100, 'inbox:12': 100 });
  });

  test('and explain and compare say what follows', async () => {
    const texts = { 'policy.yaml': policy('2999-01-01'), 'old.yaml': policy('2020-01-01') };
    const place = { cwd: workplace(texts), env: pointedAt(simulator) };
    const explained = await runCli(['explain', 'max@example.com', 'policy.yaml'], place);
    expect(explained.stdout).toContain('upcoming: named only by grants that have not begun, and unlisted until then');
    expect(explained.stdout).toContain('planned: remove, admin → none');
    const compared = await runCli(['compare', 'old.yaml', 'policy.yaml'], place);
    expect(compared.stdout).toContain('until then they lose all access that the policy manages');
  });
});
