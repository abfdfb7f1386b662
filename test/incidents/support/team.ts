import type { AccessSeed, AccountSeed, RowSeed } from '../../../src/simulator/seed.ts';
import * as small from '../../support/small-seed.ts';

/** `p01@example.com` has the account access 101, and so on to 110. */
export const TEAM: readonly string[] = Array.from(
  { length: 10 },
  (_, index) => `p${String(index + 1).padStart(2, '0')}@example.com`,
);

export const WEB = { type: 'project', id: 1 };
export const APP = { type: 'project', id: 2 };

/** An owner, two account admins, and ten people who see one project; three of them administer another one. */
export function teamAccount(account = small.ACCOUNT, more: readonly AccessSeed[] = []): AccountSeed {
  return small.smallSeed({
    account: { id: account, name: 'Example' },
    resources: [small.WEB, small.APP, small.DOMAIN],
    accesses: [
      { access: 1, kind: 'user', email: 'owner@example.com', owner: true },
      user(2, 'root@example.com', [{ type: 'account', id: account, level: 100 }]),
      user(3, 'kim@example.com', [{ type: 'account', id: account, level: 100 }]),
      ...TEAM.map((email, index) =>
        user(101 + index, email, [{ ...WEB, level: 10 }, ...(index < 3 ? [{ ...APP, level: 100 }] : [])]),
      ),
      ...more,
    ],
  });
}

export function user(access: number, email: string, rows: readonly RowSeed[]): AccessSeed {
  return { access, kind: 'user', email, rows };
}

/** The account as it is: `plan` finds nothing to do. */
export const POLICY = `version: 1
account: ${small.ACCOUNT}
mode: authoritative
protected: [owner@example.com]
limits: { revokes: { principals: 3, percent: 50 }, admins: 2 }
unlisted: revoke
groups:
  admins: [root@example.com, kim@example.com]
  leads:
    - p01@example.com
    - p02@example.com
    - p03@example.com
  team:
    - group:leads
${TEAM.slice(3)
  .map((email) => `    - ${email}\n`)
  .join('')}grants:
  - { to: group:admins, resource: account, level: admin }
  - { to: group:team, resource: "project:Web", level: viewer }
  - { to: group:leads, resource: "project:App", level: admin }
paused: false
`;

/** The same policy without some of the lines of a list. */
export function without(text: string, emails: readonly string[]): string {
  return emails.reduce((left, email) => left.replace(`    - ${email}\n`, ''), text);
}
