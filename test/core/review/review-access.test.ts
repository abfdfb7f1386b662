import { describe, expect, test } from 'vitest';
import type { AccessReview, ReviewOrigin } from '../../../src/core/domain/answer/access-review.ts';
import { explainAccount } from '../../../src/core/explain/explain-account.ts';
import { reviewAccess } from '../../../src/core/review/review-access.ts';
import { jsonPieces } from '../../../src/report/layout/json.ts';
import { reviewCsv } from '../../../src/report/review/csv.ts';
import { reviewToJson } from '../../../src/report/review/json.ts';
import { reviewMarkdown } from '../../../src/report/review/markdown.ts';
import { holderName } from '../../../src/report/review/words.ts';
import { schemaErrors } from '../../report/schema-check.ts';
import { busyWorld, hostileWorld } from '../../report/worlds.ts';
import { type SmallWorld, smallWorld } from '../../support/small-world.ts';
import { printedJson, wholeText } from '../../support/whole-text.ts';

const SHA256 = 'ab'.repeat(32);
const ORIGIN: ReviewOrigin = {
  source: { kind: 'snapshot', file: 'account.json', sha256: SHA256 },
  policy: { file: 'policy.yaml', revision: { sha256: SHA256, commit: null } },
  version: '1.2.3',
};

function review(world: SmallWorld, origin: ReviewOrigin = ORIGIN): AccessReview {
  const { resolved, actual, plan } = world;
  const reviewed = reviewAccess({
    explained: explainAccount(world),
    actual,
    plan,
    policy: resolved.policy,
    origin,
  });
  expect(schemaErrors('review', printedJson(reviewToJson(reviewed)))).toEqual([]);
  return reviewed;
}

function renderReviewCsv(reviewed: AccessReview): string {
  return wholeText(reviewCsv(reviewed));
}

function renderReviewMarkdown(reviewed: AccessReview): string {
  return wholeText(reviewMarkdown(reviewed));
}

/** `ann@example.com named [marks]` and below it `resource holds/granted: findings`. */
function told({ holders }: AccessReview): readonly string[] {
  return [...holders].flatMap((holder) => [
    `${holderName(holder)} ${holder.status} [${holder.marks.join(' ')}]`,
    ...holder.entries.map(
      ({ resource, actual, entitled, findings }) =>
        `  ${resource.label} ${actual.level}/${entitled.level}: ${findings.join(' ')}`,
    ),
  ]);
}

const ann = (rows: Record<string, 'viewer' | 'admin' | number>) => ({
  accesses: [{ access: 2, user: 'ann@example.com', rows }],
});

describe('an access review', () => {
  test('lists everybody with what they hold, what is granted, and what stands out', () => {
    expect(told(review(busyWorld()))).toMatchInlineSnapshot(`
      [
        "Ann@example.com named []",
        "  inbox:Checkout/Staging 100/100: ",
        "  project:Checkout 100/10: not-granted waiting",
        "bob@example.com named [offboarded]",
        "  inbox:Checkout/Staging 10/0: not-granted ended-still-there",
        "  project:Checkout 10/0: not-granted ended-still-there",
        "  project:Mobile 10/0: not-granted",
        "carol@example.com named []",
        "  domain:example.com 0/100: missing",
        "  inbox:Checkout/Staging 100/0: not-granted waiting",
        "  inbox:Mobile/Builds 100/100: redundant",
        "  project:Mobile 100/100: ",
        "erin@example.com named []",
        "  account 0/100: missing",
        "  billing 100/0: not-granted",
        "  project:Checkout 100/100: redundant",
        "gina@example.com not-named [unlisted]",
        "  billing 100/0: not-granted",
        "  project:Checkout 50/0: not-granted",
        "idle@example.com not-named [idle]",
        "owner@example.com named [owner]",
        "  account 1000/0: unmanageable",
        "  project:Mobile 1000/10: ",
        "zed@example.com not-named [unlisted]",
        "  inbox:Mobile/Builds 100/0: not-granted",
        "  project:Mobile 100/0: not-granted",
        "token:backup not-named [account-admin]",
        "  account 100/0: not-granted",
        "token:ci named [idle]",
        "  domain:example.com 0/100: missing",
        "  project:Mobile 0/100: missing",
      ]
    `);
  });

  test('marks a role in the organization, which no policy gives or takes', () => {
    const world = smallWorld(
      { grants: [{ to: 'eye@example.com', resource: 'project:Checkout' }] },
      {
        accesses: [
          { access: 1, user: 'boss@example.com', rows: { 'organization:#7': 'admin' } },
          { access: 2, user: 'eye@example.com', rows: { 'organization:#7': 'viewer', 'project:#4001': 'admin' } },
          { access: 3, user: 'none@example.com', rows: { 'organization:#7': 1 } },
          { access: 4, user: 'owner@example.com', rows: { 'organization:#7': 'owner' } },
        ],
      },
    );
    expect(told(review(world))).toEqual([
      'boss@example.com not-named [account-admin organization]',
      '  account 100/0: ',
      '  organization:#7 100/0: ',
      'eye@example.com named [organization]',
      '  account 10/0: ',
      '  project:Checkout 100/10: not-granted',
      '  organization:#7 10/0: unmanageable',
      'none@example.com not-named []',
      '  organization:#7 1/0: ',
      'owner@example.com not-named [owner]',
      '  account 1000/0: ',
      '  organization:#7 1000/0: ',
    ]);
  });

  test('counts what it lists', () => {
    const reviewed = review(busyWorld());
    const { counts } = reviewed;
    const holders = [...reviewed.holders];
    const lines = holders.flatMap(({ entries }) => entries);
    expect(counts).toMatchObject({ users: 7, invites: 1, tokens: 2, admins: 1, entries: lines.length });
    for (const [mark, count] of Object.entries(counts.marks))
      expect(holders.filter(({ marks }) => marks.some((one) => one === mark)).length, mark).toBe(count);
    for (const [finding, count] of Object.entries(counts.findings))
      expect(lines.filter(({ findings }) => findings.some((one) => one === finding)).length, finding).toBe(count);
  });

  test('names who is granted something and is not there, and what begins later', () => {
    const { absent, ahead } = review(busyWorld());
    expect(absent.map(({ name, grants }) => [name, grants.map(({ grant }) => grant.line)])).toEqual([
      [{ email: 'zoe@example.com' }, [55]],
    ]);
    expect(ahead.map(({ name, grants }) => [name, grants.map(({ grant, from }) => [grant.line, from?.text])])).toEqual([
      [{ email: 'dan@example.com' }, [[56, '2026-12-01']]],
    ]);
  });

  test('says missing of whom the account lacks only while a grant runs', () => {
    const grants = [{ to: 'zoe@example.com', resource: 'project:Checkout' }];
    const ended = grants.map((grant) => ({ ...grant, until: '2026-11-01' }));
    const line = (world: SmallWorld) =>
      renderReviewCsv(review(world))
        .split('\r\n')
        .find((one) => one.startsWith('zoe@'));
    expect(line(smallWorld({ grants }, ann({})))).toContain(',missing,');
    const gone = line(smallWorld({ grants: ended }, ann({})));
    expect(gone).toContain('ended: viewer on project:Checkout');
    expect(gone).not.toContain('missing');
  });

  test('gathers the grants of one name', () => {
    const later = { to: 'ann@example.com', resource: 'project:Checkout', from: '2027-01-01' };
    const world = smallWorld({ grants: [later, { ...later, level: 'admin' }] }, ann({}));
    expect(review(world).ahead.map(({ grants }) => grants.length)).toEqual([2]);
  });

  test('tells from when to when what is granted now is granted', () => {
    const period = (...dates: readonly { readonly from?: string; readonly until?: string }[]) => {
      const grants = dates.map((date) => ({ to: 'ann@example.com', resource: 'project:Checkout', ...date }));
      const [holder] = review(smallWorld({ grants }, ann({}))).holders;
      const [entry] = holder?.entries ?? [];
      return [entry?.since?.text, entry?.until?.text];
    };
    expect(period({})).toEqual([undefined, undefined]);
    expect(period({ from: '2026-01-01', until: '2026-12-01' })).toEqual(['2026-01-01', '2026-12-01']);
    expect(period({ from: '2026-02-01', until: '2026-12-01' }, { from: '2026-01-01', until: '2027-01-01' })).toEqual([
      '2026-01-01',
      '2027-01-01',
    ]);
    expect(period({ from: '2026-01-01', until: '2027-01-01' }, { from: '2026-02-01', until: '2026-12-01' })).toEqual([
      '2026-01-01',
      '2027-01-01',
    ]);
    expect(period({ from: '2026-02-01', until: '2026-12-01' }, {})).toEqual([undefined, undefined]);
    expect(period({}, { from: '2026-02-01', until: '2026-12-01' })).toEqual([undefined, undefined]);
  });

  test('counts only grants of the level that is granted, and not what the account may give beyond it', () => {
    const world = smallWorld(
      {
        grants: [
          { to: 'ann@example.com', resource: 'project:Checkout', level: 'admin', until: '2026-12-01' },
          { to: 'ann@example.com', resource: 'project:Checkout' },
          { to: 'ann@example.com', resource: 'billing', until: '2026-12-05' },
          { to: 'ann@example.com', resource: 'account', until: '2026-12-09' },
        ],
      },
      ann({}),
    );
    const [holder] = review(world).holders;
    expect(holder?.entries.map(({ resource, until }) => [resource.label, until?.text])).toEqual([
      ['account', '2026-12-09'],
      ['billing', '2026-12-05'],
      ['project:Checkout', '2026-12-01'],
    ]);
  });

  test('marks tokens that have ended, and its own, wherever the account lists it', () => {
    const world = smallWorld(
      {},
      {
        accesses: [
          { access: 2, user: 'ann@example.com' },
          { access: 9, token: { id: 90, name: 'listed' }, rows: { account: 'admin' }, isOwnToken: true },
        ],
        apiTokens: [
          { id: 91, name: 'old', rows: { 'project:#4001': 'viewer' }, expiresAt: '2026-11-24T04:00:00Z' },
          { id: 92, name: 'own', rows: { account: 'admin' }, expiresAt: '2026-11-24T04:00:01Z', isOwnToken: true },
        ],
      },
    );
    expect(told(review(world))).toMatchInlineSnapshot(`
      [
        "ann@example.com not-named [idle]",
        "token:listed not-named [account-admin own-token]",
        "  account 100/0: ",
        "token:old not-named [expired]",
        "  project:Checkout 10/0: not-granted",
        "token:own not-named [account-admin own-token]",
        "  account 100/0: ",
      ]
    `);
  });

  test('says of a token whose rows cannot be read that what it holds is unknown', () => {
    const world = smallWorld(
      {
        tokens: { ci: { access: 5, token: 9 }, cd: { access: 6, token: 10 } },
        grants: [
          { to: 'token:ci', resource: 'project:Checkout' },
          { to: 'token:cd', resource: 'project:#999' },
        ],
      },
      { ...ann({}), apiTokens: [] },
    );
    const reviewed = review(world);
    expect(told(reviewed).slice(1)).toEqual([
      'token:cd named [unreadable]',
      'token:ci named [unreadable]',
      '  project:Checkout 0/10: unmanageable',
    ]);
    expect(renderReviewCsv(reviewed).match(/,unknown,/g)).toHaveLength(2);
    const markdown = renderReviewMarkdown(reviewed);
    expect(markdown).toContain('| `project:Checkout` | unknown | viewer |');
    expect(markdown).toContain('The policy grants nothing, and grantd cannot read its rows.');
  });

  test('tells what is held though its grant has ended, what waits, what a guard holds, and what nobody sees', () => {
    const world = smallWorld(
      {
        limits: { newAdmins: 0 },
        grants: [
          { to: 'ann@example.com', resource: 'project:Checkout', until: '2026-11-01' },
          { to: 'ann@example.com', resource: 'account', level: 'admin' },
          { to: 'ann@example.com', resource: 'project:Moblie' },
          { to: 'bob@example.com', resource: 'project:Moblie' },
        ],
      },
      {
        accesses: [
          { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer', 'project:#999': 'viewer' } },
          { access: 3, user: 'bob@example.com', rows: { 'project:#4002': 'viewer' } },
          { access: 4, user: 'cleo@example.com', rows: { account: 'viewer', 'billing:#3229': 1 } },
        ],
      },
    );
    expect(told(review(world))).toMatchInlineSnapshot(`
      [
        "ann@example.com named []",
        "  account 0/100: missing held-by-guard",
        "  project:Checkout 10/100: missing redundant",
        "  project:#999 10/0: not-granted not-shown",
        "bob@example.com named []",
        "  project:Mobile 10/0: not-granted waiting",
        "cleo@example.com not-named [unlisted]",
        "  account 10/0: not-granted",
        "  billing 0/0: perhaps-more",
      ]
    `);
  });

  test('is the same bytes again, whatever the order of what was read', () => {
    const first = busyWorld();
    const second = busyWorld({}, { accesses: [...busyAccesses()].reverse() });
    expect(renderReviewCsv(review(second))).toBe(renderReviewCsv(review(first)));
    expect(renderReviewMarkdown(review(second))).toBe(renderReviewMarkdown(review(first)));
    expect(wholeText(jsonPieces(reviewToJson(review(second))))).toBe(
      wholeText(jsonPieces(reviewToJson(review(first)))),
    );
  });

  test('reads as a page to sign', () => {
    expect(renderReviewMarkdown(review(smallReviewWorld()))).toMatchInlineSnapshot(`
      "# Access review of account 3229

      | | |
      | --- | --- |
      | As of | 2026-11-24T04:00:00Z |
      | Account read from | \`snapshot account.json sha256:abababababababababababababababababababababababababababababababab\` |
      | Policy | \`policy.yaml sha256:abababababababababababababababababababababababababababababababab\` |
      | Mode | authoritative |
      | Made by | grantd \`1.2.3\` |

      **2 users, 1 open invite, 1 API token, 1 account admin or owner, 1 named by the policy but not in the account.**

      | what | how many | means |
      | --- | --- | --- |
      | **account-admin** | 1 principal | admin of the whole account |
      | **unlisted** | 1 principal | no grant names them, and they have a row that this policy may write or observes |
      | **idle** | 2 principals | has no access, and still uses a member seat |
      | **not-granted** | 3 lines | has more than the policy grants |
      | **missing** | 3 lines | has less than the policy grants |
      | **perhaps-more** | 1 line | the row of the account may give more here; Mailtrap does not document whether it does |

      ## What stands out (7)

      | who | resource | actual | granted | why it stands out |
      | --- | --- | --- | --- | --- |
      | \`Ann@example.com\` | \`account\` | none | viewer | missing |
      | \`Ann@example.com\` | \`billing\` | viewer | none | not-granted |
      | \`Ann@example.com\` | \`project:Checkout\` | viewer | admin | missing |
      | \`Ann@example.com\` | \`project:Mobile\` | none | viewer | missing |
      | \`zed@example.com\` | \`account\` | admin | none | not-granted |
      | \`zed@example.com\` | \`billing\` | none | none | perhaps-more |
      | \`zed@example.com\` | \`inbox:Mobile/Builds\` | admin | none | not-granted |

      ## People (3)

      ### \`Ann@example.com\`

      user, access 2, named by the policy

      | resource | actual | granted | by which grants, why | since | until | stands out |
      | --- | --- | --- | --- | --- | --- | --- |
      | \`account\` | none | viewer | \`viewer because a grant (policy.yaml:52)\` | \`2026-11-01\` |  | missing |
      | \`billing\` | viewer | none, perhaps viewer from \`account\` | \`perhaps viewer on account because a grant (policy.yaml:52)\` |  |  | not-granted |
      | \`project:Checkout\` | viewer | admin | \`admin because group qa → project:Check* (policy.yaml:51), OPS-123, until 2026-12-31\`<br>\`viewer on account because a grant (policy.yaml:52)\` |  | \`2026-12-31\` | missing |
      | \`project:Mobile\` | none | viewer | \`viewer because a grant (policy.yaml:52)\` | \`2026-11-01\` |  | missing |

      ☐ keep  ☐ change  ☐ remove — remark: ______________________________

      ### \`idle@example.com\`

      invite, access 6, not named by the policy, **idle**

      Has no access, and the policy grants none.

      ☐ keep  ☐ change  ☐ remove — remark: ______________________________

      ### \`zed@example.com\`

      user, access 3, not named by the policy, **account-admin**, **unlisted**

      | resource | actual | granted | by which grants, why | since | until | stands out |
      | --- | --- | --- | --- | --- | --- | --- |
      | \`account\` | admin | none |  |  |  | not-granted |
      | \`billing\` | none, perhaps admin from \`account\`<br>own row: level 1 | none |  |  |  | perhaps-more |
      | \`inbox:Mobile/Builds\` | admin from \`account\`<br>own row: viewer | none |  |  |  | not-granted |

      ☐ keep  ☐ change  ☐ remove — remark: ______________________________

      ## API tokens (1)

      ### \`token:backup\`

      token, no known access id, not named by the policy, **idle**, expires 2027-01-01T00:00:00Z

      Has no access, and the policy grants none.

      ☐ keep  ☐ change  ☐ remove — remark: ______________________________

      ## Named by the policy, but not in the account (1)

      | who | what, as written | by which grant, why | phase |
      | --- | --- | --- | --- |
      | \`dan@example.com\` | \`admin on project:Check*\` | \`group qa (policy.yaml:51), OPS-123, until 2026-12-31\` | running |

      ## Granted from a later date (1)

      | who | what, as written | by which grant, why | phase |
      | --- | --- | --- | --- |
      | \`ann@example.com\` | \`viewer on domain:example.com, except domain:x.example\` | \`a grant (policy.yaml:53), from 2027-01-01\` | ahead |

      ## Sign-off

      | | name | date | signature |
      | --- | --- | --- | --- |
      | Reviewed by | | | |
      | Approved by | | | |
      "
    `);
  });

  test('says where everyone has exactly what the policy grants', () => {
    const grants = [{ to: 'ann@example.com', resource: 'project:Checkout' }];
    const markdown = renderReviewMarkdown(review(smallWorld({ grants }, ann({ 'project:#4001': 'viewer' }))));
    expect(markdown).toContain('Nothing: everyone has exactly what the policy grants.');
    expect(markdown).not.toContain('| what | how many |');
  });

  test('names the API and the commit where it has them', () => {
    const origin: ReviewOrigin = {
      ...ORIGIN,
      source: { kind: 'account', apiUrl: 'https://mailtrap.io' },
      policy: { file: 'policy.yaml', revision: { sha256: SHA256, commit: 'c0ffee' } },
    };
    const csv = renderReviewCsv(review(smallReviewWorld(), origin));
    expect(csv).toContain(',API https://mailtrap.io,');
    expect(csv).toContain(`,policy.yaml sha256:${SHA256} commit c0ffee,`);
  });

  test('lets no name act on the page, and loses no line by one', () => {
    const world = hostileWorld();
    const reviewed = review(world);
    const markdown = renderReviewMarkdown(reviewed);
    expect(markdown).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    const outside = markdown.replace(/<code>.*?<\/code>|(`+).+?\1/g, '');
    expect(outside).not.toMatch(/<img|@admins/);
    for (const line of markdown.split('\n').filter((one) => one.startsWith('| `')))
      expect([4, 5, 7]).toContain(line.split(/(?<!\\)\|/).length - 2);
    expect(renderReviewCsv(reviewed).replaceAll('\r\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
  });
});

function busyAccesses() {
  return [
    { access: 1, user: 'owner@example.com', rows: { account: 'owner' } },
    { access: 2, user: 'Ann@example.com', rows: { 'project:#4001': 'admin' } },
    { access: 3, user: 'bob@example.com', rows: { 'project:#4002': 'viewer', 'project:#4001': 'viewer' } },
    {
      access: 4,
      user: 'carol@example.com',
      rows: { 'inbox:#5001': 'admin', 'project:#4002': 'admin', 'inbox:#5003': 'viewer' },
    },
    { access: 5, user: 'zed@example.com', rows: { 'inbox:#5003': 'viewer', 'project:#4002': 'admin' } },
    { access: 6, invite: 'idle@example.com' },
    { access: 7, user: 'gina@example.com', rows: { 'project:#4001': 50, 'billing:#3229': 'admin' } },
    { access: 8, user: 'erin@example.com', rows: { 'project:#4001': 'admin', 'billing:#3229': 'admin' } },
  ] as const;
}

function smallReviewWorld(): SmallWorld {
  return smallWorld(
    {
      groups: { qa: ['ann@example.com', 'dan@example.com'] },
      grants: [
        { to: 'group:qa', resource: 'project:Check*', level: 'admin', until: '2026-12-31', reason: 'OPS-123' },
        { to: 'ann@example.com', resource: ['project:Mobile', 'account'], from: '2026-11-01' },
        { to: 'ann@example.com', resource: 'domain:example.com', from: '2027-01-01', except: ['domain:x.example'] },
      ],
    },
    {
      accesses: [
        { access: 2, user: 'Ann@example.com', rows: { 'project:#4001': 'viewer', 'billing:#3229': 'viewer' } },
        { access: 3, user: 'zed@example.com', rows: { account: 'admin', 'inbox:#5003': 'viewer', 'billing:#3229': 1 } },
        { access: 6, invite: 'idle@example.com' },
      ],
      apiTokens: [{ id: 77, name: 'backup', rows: {}, expiresAt: '2027-01-01T00:00:00Z' }],
    },
  );
}
