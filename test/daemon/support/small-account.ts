import type { AccountSeed, RowSeed } from '../../../src/simulator/seed.ts';
import { APP, BILLING, smallSeed, WEB } from '../../support/small-seed.ts';

/** Whom the policies of these tests speak about, by account access id. */
export const PEOPLE = {
  101: 'ann@x.test',
  102: 'bob@x.test',
  103: 'cid@x.test',
  104: 'inv@x.test',
  105: 'prot@x.test',
  106: 'unlisted@x.test',
  107: 'owner@x.test',
} as const;
export const TOKEN = { access: 500, token: 55 } as const;

/** The rows that everybody begins with, by account access id. */
export type FirstRows = Readonly<Record<number, readonly RowSeed[]>>;

/** The people and the token of these tests in a small account, with these rows. */
export function smallAccount(rows: FirstRows = {}, isTokenListed = true): AccountSeed {
  return smallSeed({
    resources: [BILLING, WEB, APP],
    tokens: [
      {
        name: 'ci',
        secret: 'secret-of-ci-0001',
        id: TOKEN.token,
        access: TOKEN.access,
        listed: isTokenListed,
        rows: rows[TOKEN.access] ?? [],
      },
    ],
    accesses: Object.entries(PEOPLE).map(([access, email]) => ({
      access: Number(access),
      email,
      kind: email.startsWith('inv') ? ('invite' as const) : ('user' as const),
      owner: email.startsWith('owner'),
      rows: rows[Number(access)] ?? [],
    })),
  });
}
