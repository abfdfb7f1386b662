import { describe, expect, test } from 'vitest';
import { LEVEL } from '../../../src/core/domain/account/access-level.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { type AccountSpec, listed } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { causeText, changeOf, deferredText, smallWorld, unmanageableText } from '../../support/small-world.ts';

const REVOKE: PolicySpec = { unlisted: 'revoke', grants: [{ to: 'ann@example.com', resource: 'project:#999' }] };
const plan = (policy: PolicySpec, accesses: AccountSpec['accesses']) =>
  smallWorld({ ...REVOKE, ...policy }, { accesses: accesses ?? [] }).plan;

describe('unlisted: revoke', () => {
  test('takes the rows of users and invites whom no grant names, says why, and lists them still', () => {
    const found = plan({}, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin', 'inbox:#5003': 'viewer' } },
      { access: 3, invite: 'mallory@example.com', rows: { 'domain:#7001': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual([
      'eve@example.com remove inbox:#5003 10>0',
      'eve@example.com remove project:#4001 100>0',
      'mallory@example.com (invited) remove domain:#7001 10>0',
    ]);
    expect(found.changes.flatMap(({ why }) => why.map(causeText))).toEqual(Array(3).fill('unlisted 9'));
    expect(found.unlisted.map(({ access }) => access)).toEqual([2, 3]);
  });

  test('takes the rows of those whose e-mail fits a pattern, by its line, and counts the others', () => {
    const rows = { 'project:#4001': 'admin', 'domain:#7001': 1 } as const;
    const found = plan({ unlisted: ['*@Example.com', 'x@example.net'] }, [
      { access: 2, user: 'eve@EXAMPLE.com', rows },
      { access: 3, user: 'mallory@example.org', rows },
      { access: 4, invite: 'Mallory@example.org', rows },
    ]);
    expect(found.changes.map(changeOf)).toEqual(['eve@EXAMPLE.com remove project:#4001 100>0']);
    expect(found.unlisted.map(({ access, revokedAt }) => [access, revokedAt?.line ?? null])).toEqual([
      [2, 9],
      [3, null],
      [4, null],
    ]);
    expect(found.counts.leftBehind).toEqual({ principals: 1, rows: 2, by: 'patterns', shielded: 0 });
  });

  test('counts every one of them towards the limit', () => {
    const limits = { revokes: { principals: 1, percent: 100 } };
    const found = plan({ limits }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } },
      { access: 3, user: 'fay@example.com', rows: { 'project:#4001': 'admin' } },
    ]);
    expect(found.refusals.map(({ rule }) => rule)).toEqual(['revoke-limit']);
  });

  test.each([
    ['an owner', {}, { rows: { account: 'owner' as const } }],
    ['whom nobody may update', {}, { canUpdate: false, rows: { 'project:#4001': 'admin' as const } }],
    ['the protected', { protected: ['eve@example.com'] }, { rows: { 'project:#4001': 'admin' as const } }],
    ['the ignored', { ignore: ['eve@*'] }, { rows: { 'project:#4001': 'admin' as const } }],
    [
      'who only has rows that are ignored',
      { ignore: ['project:Checkout'] },
      { rows: { 'project:#4001': 'admin' as const } },
    ],
    [
      'who is named by what lies ahead',
      { grants: [{ to: 'eve@example.com', resource: 'project:Mobile', from: '2027-01-01' }] },
      { rows: { 'project:#4001': 'admin' as const } },
    ],
  ])('leaves alone %s', (_, policy, access) => {
    expect(plan(policy, [{ access: 2, user: 'eve@example.com', ...access }]).changes).toEqual([]);
  });

  test('leaves a token alone, and what nobody documents', () => {
    const found = plan({}, [
      { access: 2, token: { id: 55, name: 'ci' }, rows: { 'project:#4001': 'admin' } },
      { access: 3, user: 'eve@example.com', rows: { 'project:#4001': 77, 'project:#4002': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual(['eve@example.com remove project:#4002 10>0']);
    expect(found.unmanageable.map(unmanageableText)).toEqual(['excess project:#4001 77/0: level']);
  });

  test('excludes what the policy does not manage, what the tree does not show, and where the token is no admin', () => {
    const tree = [
      listed('account', 3229, 'Account', [
        listed('project', 4001, 'Checkout'),
        listed('project', 4002, 'Mobile', [], LEVEL.viewer),
        listed('domain', 7001, 'example.com'),
      ]),
    ];
    const rows = {
      'project:#4001': 'viewer',
      'project:#4002': 'viewer',
      'project:#4009': 'viewer',
      'domain:#7001': 1,
    } as const;
    const eve = { access: 2, user: 'eve@example.com', rows };
    const found = smallWorld(REVOKE, { tree, accesses: [eve] }).plan;
    expect(found.changes.map(changeOf)).toEqual(['eve@example.com remove project:#4001 10>0']);
    expect(found.unmanageable.map(unmanageableText)).toEqual([
      'excess project:#4009 10/0: not-shown',
      'excess project:#4002 10/0: token-below-admin',
    ]);
    const managed = smallWorld({ ...REVOKE, manage: ['domain:example.com'] }, { tree, accesses: [eve] }).plan;
    expect([managed.changes, managed.unlisted]).toEqual([[], []]);
  });

  test('waits where a name in `ignore` fits nothing, and may mean what they hold', () => {
    const found = plan({ ignore: ['project:Gone'] }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin', 'domain:#7001': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual(['eve@example.com remove domain:#7001 10>0']);
    expect(found.deferred.map(deferredText)).toEqual([
      'remove project:#4001 100>0: unresolved-scope project:Gone in `ignore` (policy.yaml:8:3)',
    ]);
  });

  test('counts an unlisted principal among those who lose and those whom the policy does not name, never as untouched', () => {
    const found = plan({ ignore: ['project:Gone'] }, [
      { access: 2, user: 'eve@example.com', rows: { 'domain:#7001': 'viewer' } },
      { access: 3, user: 'fay@example.com', rows: { 'project:#4001': 'viewer' } },
      { access: 4, user: 'ann@example.com' },
    ]);
    expect(found.counts).toMatchObject({ gain: 0, lose: 1, untouched: 1, notInPolicy: 2 });
    expect(found.counts.leftBehind).toEqual({ principals: 0, rows: 0, by: 'keep', shielded: 0 });
  });

  test('keeps enough account admins', () => {
    const rows = { account: 'admin' } as const;
    const found = plan({ limits: { admins: 1 } }, [
      { access: 2, user: 'eve@example.com', rows },
      { access: 3, user: 'fay@example.com', rows },
    ]);
    expect(found.refusals.map(({ rule }) => rule)).toEqual(['last-admins']);
  });

  test.each([
    ['observe', 'observed', 1],
    ['additive', 'complete', 0],
  ] as const)('in mode %s, as `plan --mode` previews it, ends %s', (mode, verdict, count) => {
    const found = plan({ mode }, [{ access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } }]);
    expect(found.verdict).toBe(verdict);
    expect(found.changes).toHaveLength(count);
    expect(found.unlisted).toHaveLength(1);
  });

  test('is told in every output, by its line', () => {
    const { plan: found } = smallWorld(REVOKE, {
      accesses: [{ access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } }],
    });
    const why = 'no grant that has begun names them, and `unlisted` revokes their access (policy.yaml:9)';
    expect(renderPlanText(found, PLAIN)).toContain(why);
    expect(planToJson(found).changes[0]?.why).toEqual([{ kind: 'unlisted', file: 'policy.yaml', line: 9 }]);
    expect(schemaErrors('plan', planToJson(found))).toEqual([]);
  });

  test('report takes nothing', () => {
    const found = plan({ unlisted: 'keep' }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } },
    ]);
    expect(found.changes).toEqual([]);
    expect(found.unlisted).toHaveLength(1);
  });
});
