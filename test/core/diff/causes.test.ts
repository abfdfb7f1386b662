import { describe, expect, test } from 'vitest';
import type { Cause } from '../../../src/core/domain/plan/plan.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { ANN, annAlone, causeText, smallWorld } from '../../support/small-world.ts';

const PROJECT = 'project:#4001';

/** Why Ann's only change happens. */
function why(policy: PolicySpec, held = {}): readonly Cause[] {
  const { changes } = smallWorld(policy, { accesses: [{ access: 2, user: ANN, rows: held }] }).plan;
  expect(changes).toHaveLength(1);
  return changes.flatMap((change) => change.why);
}

describe('a gain is caused by', () => {
  test('every running grant that gives at least that level on that very resource, in the order of the policy', () => {
    const grants = [
      { to: ANN, resource: PROJECT, level: 'admin' as const },
      { to: ANN, resource: PROJECT, level: 'viewer' as const },
      { to: ANN, resource: 'project:*', level: 'admin' as const, except: ['project:#4002'] },
      { to: ANN, resource: 'inbox:#5001', level: 'admin' as const },
      { to: ANN, resource: PROJECT, level: 'admin' as const, from: '2027-01-01' },
    ];
    expect(why({ grants }).map(causeText)).toEqual(['grant 51', 'grant 53']);
  });

  test('the first ten of many such grants', () => {
    const grants = Array.from({ length: 30 }, () => ({ to: ANN, resource: PROJECT, level: 'admin' as const }));
    expect(why({ grants })).toHaveLength(10);
  });

  test('a grant with its resource as written, its groups, role, reason, end and other ways', () => {
    const cause = why({
      groups: { qa: [ANN], leads: ['group:qa', ANN] },
      roles: { tester: [['project:Check*', 'viewer']] },
      grants: [{ to: 'group:leads', role: 'tester', reason: 'OPS-1', until: '2026-12-31' }],
    })[0];
    expect(cause).toMatchObject({
      kind: 'grant',
      resource: 'project:Check*',
      level: 'viewer',
      role: { name: 'tester', at: { line: 41 } },
      groups: [{ name: 'leads', at: { line: 12 } }],
      otherPaths: 1,
      reason: 'OPS-1',
      until: { text: '2026-12-31' },
      endedBy: null,
    });
  });

  test('the higher of two rows of one grant on one resource', () => {
    const roles = {
      odd: [
        [PROJECT, 'viewer'],
        ['project:Checkout', 'admin'],
        ['project:Check*', 'viewer'],
      ],
    } as const;
    expect(why({ roles, grants: [{ to: ANN, role: 'odd' }] })).toMatchObject([
      { level: 'admin', resource: 'project:Checkout' },
    ]);
  });

  test('the first of two rows of one grant that give the same', () => {
    const roles = {
      odd: [
        [PROJECT, 'viewer'],
        ['project:Checkout', 'viewer'],
      ],
    } as const;
    expect(why({ roles, grants: [{ to: ANN, role: 'odd' }] })).toMatchObject([{ level: 'viewer', resource: PROJECT }]);
  });
});

describe('a loss is caused by', () => {
  const viewer = { to: ANN, resource: PROJECT };

  test('the running grants that leave less, on the resource and above it', () => {
    const grants = [
      { to: ANN, resource: 'account' },
      { to: ANN, resource: 'project:#4002' },
    ];
    expect(why({ grants }, { account: 'viewer', 'inbox:#5001': 'admin' }).map(causeText)).toEqual(['grant 51']);
  });

  test('a grant on the account leaves nothing on billing, as far as is documented', () => {
    const grants = [{ to: ANN, resource: 'account' }];
    expect(why({ grants }, { account: 'viewer', 'billing:#3229': 'admin' }).map(causeText)).toEqual(['not-granted 51']);
  });

  test('a grant that has ended and gave more than is left', () => {
    const ended = { ...viewer, until: '2026-11-01' };
    const admin = { ...ended, level: 'admin' as const };
    expect(why({ grants: [ended, admin] }, { [PROJECT]: 'admin' }).map(causeText)).toEqual(['ended 51', 'ended 52']);
    expect(why({ grants: [viewer, ended, admin] }, { [PROJECT]: 'admin' }).map(causeText)).toEqual([
      'ended 53',
      'grant 51',
    ]);
  });

  test('a grant that has ended above it', () => {
    const grants = [{ to: ANN, resource: 'account', until: '2026-11-01' }];
    expect(why({ grants }, { 'inbox:#5001': 'viewer' }).map(causeText)).toEqual(['ended 51']);
  });

  test('the row of such a grant that gave the most, not the first that reaches it', () => {
    const roles = {
      odd: [
        [PROJECT, 'viewer'],
        ['inbox:#5001', 'admin'],
      ],
    } as const;
    const grants = [{ to: ANN, role: 'odd', until: '2026-11-01' }];
    expect(why({ roles, grants }, { 'inbox:#5001': 'admin' })).toMatchObject([
      { kind: 'ended', level: 'admin', resource: 'inbox:#5001' },
    ]);
  });

  test('no grant that has ended elsewhere', () => {
    const grants = [{ to: ANN, resource: 'inbox:#5001', until: '2026-11-01' }];
    expect(why({ grants }, { [PROJECT]: 'viewer' }).map(causeText)).toEqual(['not-granted 51']);
  });

  test('the `ends` of the person, beside the grants that it ended', () => {
    const ends = { [ANN]: '2026-11-01' };
    expect(why({ grants: [viewer], ends }, { [PROJECT]: 'viewer' })).toMatchObject([
      { kind: 'ended', grant: { line: 51 }, endedBy: { line: 21 } },
      { kind: 'offboarded', at: { line: 21 } },
    ]);
  });

  test('the `ends` alone, where no grant gave it', () => {
    const ends = { [ANN]: '2026-11-01' };
    const grants = [{ to: 'bob@example.com', resource: PROJECT }];
    expect(why({ ends, grants }, { [PROJECT]: 'viewer' }).map(causeText)).toEqual(['offboarded 21']);
  });

  test('else no grant: the first three that name them are told', () => {
    const elsewhere = { to: ANN, resource: 'project:#999' };
    const ended = { ...elsewhere, until: '2026-11-01' };
    expect(why({ grants: [ended, elsewhere] }, { [PROJECT]: 'viewer' }).map(causeText)).toEqual([
      'not-granted 52',
      'not-granted 51',
    ]);
    const many = { groups: { qa: [ANN] }, grants: [...new Array(4)].map(() => ({ ...elsewhere, to: 'group:qa' })) };
    expect(why(many, { [PROJECT]: 'viewer' })).toMatchObject([
      { grant: { line: 51 }, groups: [{ name: 'qa' }] },
      { grant: { line: 52 } },
      { grant: { line: 53 } },
    ]);
  });
});

test('what cannot be written has its causes too', () => {
  const plan = annAlone({
    entitled: { 'project:#4001': 'viewer' },
    held: { 'project:#4002': 'viewer' },
    access: { canUpdate: false },
  });
  expect(plan.unmanageable.map((row) => `${row.kind} ${row.why.map(causeText)}`)).toEqual([
    'missing grant 51',
    'excess not-granted 51,not-granted 79',
  ]);
});

test('what is missing and cannot be written is caused by what gives it there, not by what gives less above it', () => {
  const plan = annAlone({ entitled: { account: 'viewer', [PROJECT]: 'admin' }, access: { canUpdate: false } });
  expect(plan.unmanageable.map((row) => `${row.resource.label} ${row.why.map(causeText)}`)).toEqual([
    'account grant 51',
    'project:Checkout grant 52',
  ]);
});

test('what is deferred has its causes too', () => {
  const never = [{ who: ANN, resource: 'project:Gone', level: 'admin' as const }];
  const plan = annAlone({ entitled: { 'project:#4001': 'viewer' }, policy: { never } });
  expect(plan.deferred.map(({ change }) => change.why.map(causeText))).toEqual([['grant 51']]);
});
