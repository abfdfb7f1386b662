import { describe, expect, test } from 'vitest';
import { compareSnapshots } from '../../../src/core/compare/compare-snapshots.ts';
import { type AccessLevel, LEVEL } from '../../../src/core/domain/account/access-level.ts';
import type { ActualState } from '../../../src/core/domain/account/actual-state.ts';
import { principalText } from '../../../src/core/domain/account/principal.ts';
import { type AuditedWrite, isUnchanged } from '../../../src/core/domain/answer/account-changes.ts';
import { type AccessSpec, buildAccount, type RowsSpec, type TokenSpec } from '../../support/account-builder.ts';
import { NOW } from '../../support/small-world.ts';

const LATER = NOW + 60_000;

interface Side {
  readonly accesses?: readonly AccessSpec[];
  readonly apiTokens?: readonly TokenSpec[] | null;
}

function account({ accesses = [], apiTokens = [] }: Side): ActualState {
  const built = buildAccount({ accesses, apiTokens: apiTokens ?? [] });
  return apiTokens === null ? { ...built, apiTokens: null } : built;
}

function changed(before: Side | ActualState, after: Side | ActualState, writes: readonly AuditedWrite[] | null = null) {
  const of = (side: Side | ActualState) => ('tree' in side ? side : account(side));
  const changes = compareSnapshots({ actual: of(before), takenAt: NOW }, { actual: of(after), takenAt: LATER }, writes);
  return {
    ...changes,
    rows: changes.rows.map(
      ({ risk, principal, presence, resource, resourcePresence, row, reach, writtenBy }) =>
        `${risk} ${principalText(principal)} ${resource.label} row ${row.before}>${row.after} has ${reach.before}>${reach.after}` +
        `${presence === 'both' ? '' : ` ${presence}`}${resourcePresence === 'both' ? '' : ` resource ${resourcePresence}`}` +
        `${writtenBy === null ? '' : ` by ${writtenBy.runId}`}`,
    ),
    holders: changes.holders.map(({ before, after }) => [
      before && principalText(before),
      after && principalText(after),
    ]),
    resources: changes.resources.map(({ before, after }) => [before?.label ?? null, after?.label ?? null]),
  };
}

const ann = (rows: RowsSpec, access = 2): AccessSpec => ({ access, user: 'ann@x.test', rows });

function write(after: AccessLevel, principal: AuditedWrite['principal'] = { kind: 'user', email: 'ann@x.test' }) {
  const resource = { type: 'project', id: 4001 } as const;
  return { principal, access: 2, resource, after, runId: 'run-7', at: NOW + 1 };
}

describe('two snapshots', () => {
  test('of the same account differ in nothing', () => {
    const same = { accesses: [ann({ account: 'admin' })] };
    const changes = changed(same, same);
    expect(changes).toMatchObject({ rows: [], holders: [], resources: [], from: NOW, to: LATER, hasLog: false });
    const at = { actual: account(same), takenAt: NOW };
    expect(isUnchanged(compareSnapshots(at, at, []))).toBe(true);
  });

  test('show the rows that differ, the largest risks first, and what they change', () => {
    const before = ann({ account: 'viewer', 'project:#4001': 'admin', 'project:#4002': 'viewer' });
    const bob: AccessSpec = { access: 3, user: 'bob@x.test', rows: { account: 'admin' } };
    const after = ann({ account: 'viewer', 'inbox:#5003': 'admin' });
    expect(
      changed({ accesses: [before, bob] }, { accesses: [after, { ...bob, rows: { 'project:#4001': 'admin' } }] }).rows,
    ).toEqual([
      'new-admin ann@x.test inbox:Mobile/Builds row 0>100 has 10>100',
      'no-longer-account-admin bob@x.test account row 100>0 has 100>0',
      'taken ann@x.test project:Checkout row 100>0 has 100>10',
      'null ann@x.test project:Mobile row 10>0 has 10>10',
      'null bob@x.test project:Checkout row 0>100 has 100>100',
    ]);
  });

  test('show who came, left, has another e-mail, or accepted an invitation', () => {
    const before: AccessSpec[] = [
      ann({ 'project:#4001': 'viewer' }),
      { access: 3, user: 'old@x.test', rows: {} },
      { access: 4, invite: 'inv@x.test', rows: {} },
      { access: 5, user: 'same@x.test', rows: { 'project:#4001': 'viewer' } },
      { access: 6, user: 'twice@x.test', rows: {} },
      { access: 7, user: 'twice@x.test', rows: {} },
    ];
    const after: AccessSpec[] = [
      { access: 3, user: 'new@x.test', rows: {} },
      { access: 4, user: 'inv@x.test', rows: {} },
      { access: 8, user: 'Same@x.test', rows: { 'project:#4001': 'admin' } },
      { access: 9, user: 'zoe@x.test', rows: { account: 'admin' } },
      { access: 10, user: 'twice@x.test', rows: {} },
    ];
    const changes = changed({ accesses: before }, { accesses: after });
    expect(changes.holders).toEqual([
      ['ann@x.test', null],
      ['inv@x.test (invited)', 'inv@x.test'],
      ['old@x.test', 'new@x.test'],
      ['same@x.test', 'Same@x.test'],
      [null, 'twice@x.test'],
      ['twice@x.test', null],
      ['twice@x.test', null],
      [null, 'zoe@x.test'],
    ]);
    expect(changes.rows).toEqual([
      'new-account-admin zoe@x.test account row 0>100 has 0>100 came',
      'new-admin Same@x.test project:Checkout row 10>100 has 10>100',
      'taken ann@x.test project:Checkout row 10>0 has 10>0 left',
    ]);
  });

  test('show resources that came, left or were renamed, and the rows on them', () => {
    const before = account({ accesses: [ann({ 'project:#4001': 'viewer', 'project:#9': 'viewer' })] });
    const bare = account({ accesses: [ann({ 'project:#4001': 'viewer' })] });
    const root = before.tree.root;
    const nodes = [root, ...before.tree.nodes.filter(({ id }) => id === 4002)].map((node) =>
      node === root ? node : { ...node, name: 'Apps' },
    );
    const find: ActualState['tree']['find'] = ({ type, id }) =>
      nodes.find((node) => node.type === type && node.id === id);
    const after: ActualState = {
      ...bare,
      accesses: [{ ...bare.accesses[0], rows: [] }],
      tree: { ...bare.tree, nodes, find },
    } as ActualState;
    const there = changed(before, after);
    expect(there.resources).toContainEqual(['project:Mobile', 'project:Apps']);
    expect(there.resources).toContainEqual(['project:Checkout', null]);
    expect(there.rows).toEqual([
      'taken ann@x.test project:#9 row 10>0 has 10>0',
      'taken ann@x.test project:Checkout row 10>0 has 10>0 resource left',
    ]);
    const back = changed(after, before);
    expect(back.resources).toContainEqual([null, 'project:Checkout']);
    expect(back.rows).toContain('given ann@x.test project:Checkout row 0>10 has 0>10 resource came');
  });

  test('an organization role counts for the whole account, and of two rows on one resource the higher counts', () => {
    const role: AccessSpec = { ...ann({}), rows: { 'organization:#1': 'admin' } };
    expect(changed({ accesses: [ann({})] }, { accesses: [role] }).rows[0]).toMatch(/^new-account-admin ann@x\.test /);
    const twice = account({ accesses: [ann({ 'project:#4001': 'admin' })] });
    const rows = [
      { type: 'project', id: 4001, level: LEVEL.admin },
      { type: 'project', id: 4001, level: LEVEL.viewer },
    ] as const;
    const doubled = { ...twice, accesses: twice.accesses.map((one) => ({ ...one, rows })) };
    expect(changed(twice, doubled).rows).toEqual([]);
  });

  test('read tokens from their own list where both snapshots have it, and by their accesses elsewhere', () => {
    const token = (rows: RowsSpec): TokenSpec => ({ id: 55, name: 'ci', rows });
    const listed = (rows: RowsSpec) => ({ apiTokens: [token(rows)] });
    expect(changed(listed({ 'project:#4001': 'viewer' }), listed({ 'project:#4001': 'admin' })).rows).toEqual([
      'new-admin token:ci project:Checkout row 10>100 has 10>100',
    ]);
    expect(changed(listed({ 'project:#4001': 'viewer' }), { apiTokens: null }).rows).toEqual([]);
    expect(changed(listed({ 'project:#4001': 'viewer' }), {})).toMatchObject({
      rows: ['taken token:ci project:Checkout row 10>0 has 10>0 left'],
      holders: [['token:ci', null]],
    });
    expect(changed({ apiTokens: null }, listed({ 'project:#4001': 'viewer' })).holders).toEqual([]);
  });
});

describe('what grantd wrote', () => {
  const [before, after] = [{ accesses: [ann({})] }, { accesses: [ann({ 'project:#4001': 'admin' })] }];

  test('is what its last write left as it is', () => {
    const by = (...levels: readonly AccessLevel[]) =>
      changed(
        before,
        after,
        levels.map((level) => write(level)),
      ).rows;
    const row = 'new-admin ann@x.test project:Checkout row 0>100 has 0>100';
    expect(by(LEVEL.admin)).toEqual([`${row} by run-7`]);
    expect(by(LEVEL.viewer, LEVEL.admin)).toEqual([`${row} by run-7`]);
    expect(by(LEVEL.admin, LEVEL.viewer)).toEqual([row]);
    expect(by()).toEqual([row]);
    expect(changed(before, after, []).hasLog).toBe(true);
  });

  test('is found for a token by its id, whatever access the log has', () => {
    const token = (rows: RowsSpec): TokenSpec => ({ id: 55, name: 'ci', rows });
    const written = write(LEVEL.admin, { kind: 'token', name: 'other', tokenId: 55 });
    expect(
      changed({ apiTokens: [token({})] }, { apiTokens: [token({ 'project:#4001': 'admin' })] }, [written]).rows,
    ).toEqual(['new-admin token:ci project:Checkout row 0>100 has 0>100 by run-7']);
  });
});
