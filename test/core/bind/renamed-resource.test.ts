import { describe, expect, test } from 'vitest';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { GrantSpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const [ANN, BOB, CID] = ['ann@x', 'bob@x', 'cid@x'] as const;
const user = (access: number, email: string, ...projects: readonly number[]): AccessSpec => ({
  access,
  user: email,
  rows: Object.fromEntries(projects.map((id) => [`project:#${id}`, 'viewer'])),
});

/** What the remedy for `project:Gone` asks, which all three are granted. */
function asked(accesses: readonly AccessSpec[], ...more: readonly GrantSpec[]): string | undefined {
  const { plan } = smallWorld(
    { grants: [{ to: [ANN, BOB, CID], resource: ['project:Gone', 'billing'] }, ...more] },
    { accesses },
  );
  const notice = plan.notices.find(({ code }) => code === 'unresolved-name');
  return /^(.*)\? otherwise /.exec(notice?.remedy ?? '')?.[1];
}

describe('a name that fits nothing may mean a renamed resource', () => {
  test('on which most of those in the account have a row whom the grant reaches', () => {
    expect(asked([user(1, ANN, 4001), user(2, BOB, 4001), user(3, CID)])).toBe(
      'of the 3 principals of this grant in the account, 2 have a row on project:Checkout (project:#4001): was it renamed to that',
    );
    expect(
      asked([
        user(1, ANN, 4002),
        { access: 4, invite: ANN, rows: { 'project:#4002': 'admin', 'project:#9': 'admin' } },
      ]),
    ).toBe(
      'of the 1 principal of this grant in the account, 1 has a row on project:Mobile (project:#4002): was it renamed to that',
    );
  });

  test.each<[why: string, accesses: readonly AccessSpec[], more: readonly GrantSpec[]]>([
    ['half of them have no row', [user(1, ANN, 4001), user(2, BOB)], []],
    ['two resources are as likely', [user(1, ANN, 4001, 4002)], []],
    ['another name of the policy means it', [user(1, ANN, 4001)], [{ to: CID, resource: 'project:Checkout' }]],
    ['the rows are on another type', [{ access: 1, user: ANN, rows: { 'inbox:#5001': 'viewer' } }], []],
    ['nobody is in the account', [], []],
  ])('but not where %s', (_, accesses, more) => {
    expect(asked(accesses, ...more)).toBeUndefined();
  });

  test('also where a pattern or an id of the policy means it, too', () => {
    const more = [{ to: CID, resource: ['project:*', 'project:#4001'] }];
    expect(asked([user(1, ANN, 4001)], ...more)).toMatch(/ on project:Checkout .*: was it renamed/);
  });

  test('a name that is nearly right comes first', () => {
    const { plan } = smallWorld(
      { grants: [{ to: ANN, resource: 'project:Mobil' }] },
      { accesses: [user(1, ANN, 4001)] },
    );
    expect(plan.notices.map(({ remedy }) => remedy.split('?')[0])).toEqual([
      'did you mean project:Mobile (project:#4002)',
    ]);
  });
});
