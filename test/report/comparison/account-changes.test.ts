import { expect, test } from 'vitest';
import { compareSnapshots } from '../../../src/core/compare/compare-snapshots.ts';
import { LEVEL } from '../../../src/core/domain/account/access-level.ts';
import type { AuditedWrite } from '../../../src/core/domain/answer/account-changes.ts';
import { accountChangesMarkdown, accountChangesText } from '../../../src/report/comparison/account-changes.ts';
import { accountChangesToJson } from '../../../src/report/comparison/account-changes-json.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { type AccessSpec, buildAccount, type RowsSpec } from '../../support/account-builder.ts';
import { NOW } from '../../support/small-world.ts';
import { wholeText } from '../../support/whole-text.ts';
import { schemaErrors } from '../schema-check.ts';

const BEFORE: readonly AccessSpec[] = [
  { access: 2, user: 'ann@x.test', rows: { account: 'viewer', 'project:#4001': 'viewer' } },
  { access: 3, user: 'bob@x.test', rows: { account: 'admin' } },
  { access: 4, user: 'old@x.test', rows: {} },
  { access: 5, user: 'left@x.test', rows: { 'project:#9': 'viewer' } },
];
const AFTER: readonly AccessSpec[] = [
  { access: 2, user: 'ann@x.test', rows: { account: 'admin' } },
  { access: 3, user: 'bob@x.test', rows: {} },
  { access: 4, user: 'new@x.test', rows: { 'inbox:#5001': 'viewer' } },
  { access: 6, user: 'came@x.test', rows: { account: 'viewer' } },
];
const WRITE: AuditedWrite = {
  principal: { kind: 'user', email: 'bob@x.test' },
  access: 3,
  resource: { type: 'account', id: 3229 },
  after: LEVEL.none,
  runId: 'run-7',
  at: NOW + 1000,
};

function changes(writes: readonly AuditedWrite[] | null = [WRITE]) {
  const tokens = (rows: RowsSpec) => [{ id: 55, name: 'ci', rows }];
  const before = buildAccount({ accesses: BEFORE, apiTokens: tokens({}) });
  const after = buildAccount({ accesses: AFTER, apiTokens: tokens({ 'inbox:#5002': 'admin' }) });
  const { nodes, find } = before.tree;
  const without = (hidden: number) => ({
    ...before.tree,
    nodes: nodes.filter(({ id }) => id !== hidden),
    find: (one: Parameters<typeof find>[0]) => (one.id === hidden ? undefined : find(one)),
  });
  return compareSnapshots(
    { actual: { ...before, tree: without(5001) }, takenAt: NOW },
    { actual: { ...after, tree: without(4001) }, takenAt: NOW + 60_000 },
    writes,
  );
}

test('the text says who, what, and by whom', () => {
  expect(wholeText(accountChangesText(changes(), PLAIN))).toMatchInlineSnapshot(`
    "Account 3229, from 2026-11-24T04:00:00Z to 2026-11-24T04:01:00Z: 4 gained, 3 lost, 1 new account admin, 1 no longer account admin, 3 came, left or changed, 2 resources.
    Compared by two snapshots, row by row: what came and went in between is not seen. By the audit log, grantd wrote 1 of 7 changed rows.

    New account admins (1)
      ann@x.test  account  viewer → admin
          not written by grantd, by the audit log

    Account-wide access (1)
      came@x.test  account  none → viewer
          was not in the account before
          not written by grantd, by the audit log

    New admin access (1)
      token:ci  inbox:Checkout/QA  none → admin
          not written by grantd, by the audit log

    No longer account admin (1)
      bob@x.test  account  admin → none
          written by grantd at 2026-11-24T04:00:01Z, run run-7

    Access taken (2)
      ann@x.test   project:Checkout  viewer → none
          the resource is gone
          not written by grantd, by the audit log
      left@x.test  project:#9        viewer → none
          has left the account
          not written by grantd, by the audit log

    Access given (1)
      new@x.test  inbox:Checkout/Staging  none → viewer
          the resource is new
          not written by grantd, by the audit log

    Came, left or changed (3)
      came@x.test  came
      left@x.test  left
      new@x.test   was old@x.test

    Resources (2)
      inbox:Checkout/Staging  came
      project:Checkout        left
    "
  `);
});

test('without a log it does not say by whom, and without a difference it says so', () => {
  const text = wholeText(accountChangesText(changes(null), PLAIN));
  expect(text).toContain('Use --audit-log FILE');
  expect(text).not.toMatch(/written/);
  const same = { actual: buildAccount({ accesses: BEFORE }), takenAt: NOW };
  expect(wholeText(accountChangesText(compareSnapshots(same, same, null), PLAIN))).toContain(': No difference.\n');
});

test('names in its sentence only what there is', () => {
  const one = (rows: RowsSpec) => ({
    actual: buildAccount({ accesses: [{ access: 2, user: 'ann@x.test', rows }] }),
    takenAt: NOW,
  });
  const text = wholeText(accountChangesText(compareSnapshots(one({}), one({ 'inbox:#5001': 'viewer' }), null), PLAIN));
  expect(text).toContain(': 1 gained, 0 lost.\n');
  const more = compareSnapshots(one({ account: 'admin' }), one({ account: 'admin', 'inbox:#5001': 'viewer' }), null);
  const covered = wholeText(accountChangesText(more, PLAIN));
  expect(covered).toContain(': 0 gained, 0 lost.\n');
  expect(covered).toContain('Other rows, same access (1)\n  ann@x.test  inbox:Checkout/Staging  none → viewer\n');
});

test('the comment has a table for each kind of change', () => {
  const markdown = accountChangesMarkdown(changes());
  expect(markdown).toContain('#### New account admins (1)');
  expect(markdown).toContain(
    '| `ann@x.test` | `account` | `viewer → admin` | not written by grantd, by the audit log |',
  );
  expect(markdown).toContain('| `new@x.test` | `was old@x.test` |  |');
});

test.each([null, [WRITE]])('the JSON fits its schema', (writes) => {
  const json = JSON.parse(JSON.stringify(accountChangesToJson(changes(writes))));
  expect(schemaErrors('changes', json)).toEqual([]);
  expect(json.hasLog).toBe(writes !== null);
});
