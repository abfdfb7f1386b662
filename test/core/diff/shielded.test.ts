import { describe, expect, test } from 'vitest';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { planToJson } from '../../../src/report/plan/json.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import type { RowsSpec } from '../../support/account-builder.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, deferredText, NOW, smallWorld, unmanageableText } from '../../support/small-world.ts';

const MAX = 'max@example.com';
const DAY_MS = 24 * 60 * 60 * 1000;
const from = (days: number, ms = 0) => instantText(NOW + days * DAY_MS + ms);
const BEGUN: GrantSpec = { to: 'ann@example.com', resource: 'project:Checkout' };

/** The plan for Max, who holds these rows, and whom only a grant ahead names. */
function planFor(rows: RowsSpec, ahead: Partial<GrantSpec> = {}, policy: PolicySpec = {}) {
  const grant: GrantSpec = { to: MAX, resource: 'inbox:#5001', from: from(10), ...ahead };
  return smallWorld(
    { unlisted: 'revoke', grants: [BEGUN, grant], ...policy },
    { accesses: [{ access: 2, user: MAX, rows }] },
  ).plan;
}

const changes = (...args: Parameters<typeof planFor>) => planFor(...args).changes.map(changeOf);

describe('a `from` ahead shields an unlisted person', () => {
  test('on its resource, and nowhere else', () => {
    expect(changes({ 'inbox:#5001': 'viewer', 'project:#4002': 'admin', 'domain:#7001': 'viewer' })).toEqual([
      `${MAX} remove domain:#7001 10>0`,
      `${MAX} remove project:#4002 100>0`,
    ]);
  });

  test('and on what lies below it, but not above', () => {
    const rows = { 'inbox:#5001': 'viewer', 'project:#4001': 'viewer' } as const;
    expect(changes(rows, { resource: 'project:#4001' })).toEqual([]);
    expect(changes(rows)).toEqual([`${MAX} remove project:#4001 10>0`]);
  });

  test('up to its level', () => {
    expect(changes({ 'inbox:#5001': 'admin' })).toEqual([`${MAX} lower inbox:#5001 100>10`]);
    expect(changes({ 'inbox:#5001': 'admin' }, { level: 'admin' })).toEqual([]);
  });

  test('and gives nobody anything', () => {
    expect(changes({ 'inbox:#5001': 'viewer' }, { level: 'admin' })).toEqual([]);
    expect(changes({ 'inbox:#5001': 1, 'project:#4001': 'viewer' }, { level: 'admin' })).toEqual([
      `${MAX} remove project:#4001 10>0`,
    ]);
  });

  test.each([
    [from(30), []],
    [from(30, 1), [`${MAX} remove inbox:#5001 10>0`]],
    ['2999-01-01', [`${MAX} remove inbox:#5001 10>0`]],
  ])('from 30 days before it begins: %s', (begins, expected) => {
    expect(changes({ 'inbox:#5001': 'viewer' }, { from: begins })).toEqual(expected);
  });

  test('who holds a level that nobody can write, which stays as it is', () => {
    const plan = planFor({ 'inbox:#5001': 'viewer+' });
    expect(plan.changes).toEqual([]);
    expect(plan.unmanageable.map(unmanageableText)).toEqual(['excess inbox:#5001 50/10: level']);
    expect(planFor({ 'inbox:#5001': 'viewer+' }, { level: 'admin' }).unmanageable).toEqual([]);
  });

  test('whose shield may mean any project, so that what they hold there waits', () => {
    const plan = planFor({ 'project:#4001': 'viewer', 'domain:#7001': 'viewer' }, { resource: 'project:Gone' });
    expect(plan.changes.map(changeOf)).toEqual([`${MAX} remove domain:#7001 10>0`]);
    expect(plan.deferred.map(deferredText)).toEqual(['remove project:#4001 10>0: unresolved-name project:Gone']);
  });

  test('whose shield has an unresolved exception, so that nothing is taken', () => {
    const plan = planFor({ 'domain:#7001': 'viewer' }, { resource: 'project:*', except: ['project:Gone'] });
    expect(plan.changes).toEqual([]);
    expect(plan.deferred).toHaveLength(1);
  });
});

test('a named person is made exact, whatever lies ahead', () => {
  const named: GrantSpec = { to: MAX, resource: 'domain:#7001' };
  const ahead: GrantSpec = { to: MAX, resource: 'inbox:#5001', from: from(10) };
  const grants = [BEGUN, named, ahead];
  expect(changes({ 'inbox:#5001': 'viewer', 'domain:#7001': 'viewer' }, {}, { grants })).toEqual([
    `${MAX} remove inbox:#5001 10>0`,
  ]);
});

test('`unlisted: keep` leaves everything until the grant begins', () => {
  expect(changes({ account: 'admin' }, {}, { unlisted: 'keep' })).toEqual([]);
});

describe('what is shielded is told', () => {
  const rows = { 'inbox:#5001': 'admin', 'domain:#7001': 'viewer' } as const;
  const why = 'a grant that gives it begins within 30 days';

  test('in text, Markdown and JSON', () => {
    const plan = planFor(rows);
    const { label } = plan.unlisted[0]?.shielded[0]?.resource ?? { label: '' };
    expect(renderPlanText(plan, PLAIN, { isWhole: true })).toContain(`keeps ${label} viewer: ${why}`);
    expect(renderPlanText(plan, PLAIN)).toContain(`1 person whom no grant names keeps 1 row (${why}).`);
    expect(renderPlanMarkdown(plan)).toContain(`; keeps \`${label}\` viewer: ${why}`);
    const json = planToJson(plan);
    expect(json.unlisted[0]?.shielded).toEqual([{ resource: { type: 'inbox', id: 5001, label }, level: 'viewer' }]);
    expect(schemaErrors('plan', json)).toEqual([]);
  });

  test('so that no sentence says that the account is as the policy says', () => {
    const text = renderPlanText(planFor({ 'inbox:#5001': 'viewer' }), PLAIN);
    expect(text).not.toContain('the account is as the policy says.');
    expect(text).toContain(`1 person whom no grant names keeps 1 row (${why})`);
  });

  test('beside who keeps for another reason', () => {
    const grant: GrantSpec = { to: MAX, resource: 'inbox:#5001', from: from(10) };
    const accesses = [
      { access: 2, user: MAX, rows: { 'inbox:#5001': 'viewer' } },
      { access: 3, user: 'zed@example.org', rows: { 'inbox:#5001': 'viewer' } },
    ] as const;
    const { plan } = smallWorld({ unlisted: ['*@example.com'], grants: [BEGUN, grant] }, { accesses });
    expect(renderPlanText(plan, PLAIN)).toContain(
      `2 people whom no grant names keep 2 rows (no pattern of \`unlisted\` fits them; for 1 of them, ${why})`,
    );
  });
});
