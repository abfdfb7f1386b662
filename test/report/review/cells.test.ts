import { describe, expect, it } from 'vitest';
import {
  type AccessReview,
  ENTRY_FINDINGS,
  HOLDER_MARKS,
  type ReviewEntry,
  type ReviewHolder,
} from '../../../src/core/domain/answer/access-review.ts';
import type { ExplainedGrant } from '../../../src/core/domain/answer/explanation.ts';
import { reviewCsv } from '../../../src/report/review/csv.ts';
import { reviewToJson } from '../../../src/report/review/json.ts';
import { reviewMarkdown } from '../../../src/report/review/markdown.ts';

// No two fields of this review have the same value, so a renderer that swaps or loses one shows it.
const PROJECT = { type: 'project', id: 4001, label: 'project:Checkout' } as const;
const INBOX = { type: 'inbox', id: 77, label: 'inbox:Checkout/QA' } as const;
const ACCOUNT = { type: 'account', id: 3229, label: 'account' } as const;
const at = (line: number) => ({ file: 'policy.yaml', line, column: 1, length: 1 });
const day = (text: string) => ({ at: Date.parse(`${text}T00:00:00Z`), text });

const ENTRY: ReviewEntry = {
  resource: INBOX,
  entitled: { level: 10, by: PROJECT, perhaps: null },
  actual: { level: 100, by: ACCOUNT, perhaps: null },
  row: 77,
  reasons: [
    {
      cause: {
        kind: 'grant',
        grant: at(31),
        resource: 'inbox:Checkout/*',
        level: 'viewer',
        role: { name: 'tester', at: at(21) },
        groups: [{ name: 'qa', at: at(11) }],
        otherPaths: 0,
        reason: 'OPS-123',
        until: day('2027-02-02'),
        endedBy: null,
      },
      on: INBOX,
      from: day('2026-01-01'),
      covers: 'certain',
    },
  ],
  dispositions: [{ kind: 'redundant', on: INBOX }],
  since: day('2026-01-01'),
  until: day('2027-02-02'),
  findings: ['redundant', 'not-granted'],
};

const TOKEN: ReviewHolder = {
  principal: { kind: 'token', tokenId: 31, name: 'ci' },
  access: 5008,
  excluded: null,
  status: 'upcoming',
  marks: ['own-token', 'protected'],
  expiresAt: Date.parse('2030-03-03T03:03:03Z'),
  entries: [ENTRY],
};

const GRANT: ExplainedGrant = {
  grant: at(41),
  phase: 'running',
  groups: [{ name: 'ops', at: at(12) }],
  otherPaths: 0,
  reason: 'OPS-9',
  from: day('2026-04-04'),
  until: day('2028-08-08'),
  endedBy: null,
  gives: [{ resource: 'project:Mobile *', level: 'admin', role: { name: 'lead', at: at(22) }, covers: 'certain' }],
  except: [{ resource: 'project:Mobile Legacy', covers: 'certain' }],
};

const none = <Code extends string>(codes: Readonly<Record<Code, string>>) =>
  Object.fromEntries(Object.keys(codes).map((code) => [code, 0])) as Record<Code, number>;

const REVIEW: AccessReview = {
  account: 3229,
  asOf: Date.parse('2026-11-24T12:00:00Z'),
  mode: 'authoritative',
  endingBy: null,
  version: '1.2.3',
  source: { kind: 'snapshot', file: 'account.json', sha256: 'a1'.repeat(32) },
  policy: { file: 'policy.yaml', revision: { sha256: 'b2'.repeat(32), commit: 'c3'.repeat(20) } },
  counts: {
    users: 2,
    invites: 3,
    tokens: 4,
    admins: 5,
    entries: 6,
    marks: { ...none(HOLDER_MARKS), protected: 7 },
    findings: { ...none(ENTRY_FINDINGS), redundant: 8 },
  },
  holders: [TOKEN],
  absent: [{ name: { email: 'gone@example.com' }, grants: [GRANT] }],
  ahead: [],
  notices: [],
};

function csvLines(): readonly Readonly<Record<string, string>>[] {
  const [head = [], ...lines] = [...reviewCsv(REVIEW)]
    .join('')
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .slice(0, -1)
        .map(([, cell = '']) => cell.replace(/^"|"$/g, '')),
    );
  return lines.map((line) => Object.fromEntries(head.map((column, index) => [column, line[index] ?? ''])));
}

const ABOUT = {
  account: '3229',
  as_of: '2026-11-24T12:00:00Z',
  source: `snapshot account.json sha256:${'a1'.repeat(32)}`,
  policy: `policy.yaml sha256:${'b2'.repeat(32)} commit ${'c3'.repeat(20)}`,
  made_by: 'grantd 1.2.3',
};

describe('an access review shows each field in its own place', () => {
  it('as CSV, by the names of the columns', () => {
    expect(csvLines()).toEqual([
      {
        who: 'token:ci',
        kind: 'token',
        access: '5008',
        status: 'upcoming',
        marks: 'own-token; protected',
        resource: 'inbox:Checkout/QA',
        resource_by_id: 'inbox:#77',
        actual: 'admin',
        actual_by: 'account',
        own_row: 'level 77',
        granted: 'viewer',
        granted_by: 'project:Checkout',
        since: '2026-01-01',
        until: '2027-02-02',
        reasons: expect.stringMatching(/^viewer because group qa .*policy\.yaml:31.*OPS-123/),
        findings: 'redundant; not-granted',
        plan: 'redundant: its own row gives nothing beyond the policy',
        expires: '2030-03-03T03:03:03Z',
        ...ABOUT,
      },
      {
        who: 'gone@example.com',
        kind: 'absent',
        access: '',
        status: 'named',
        marks: '',
        resource: '',
        resource_by_id: '',
        actual: 'none',
        actual_by: '',
        own_row: '',
        granted: '',
        granted_by: '',
        since: '',
        until: '',
        reasons:
          'running: admin on project:Mobile *, except project:Mobile Legacy: group ops → role lead (policy.yaml:41), OPS-9, from 2026-04-04, until 2028-08-08',
        findings: 'missing',
        plan: '',
        expires: '',
        ...ABOUT,
      },
    ]);
  });

  it('as Markdown, by the heads of the tables', () => {
    const text = [...reviewMarkdown(REVIEW)].join('');
    const rowUnder = (head: string) => text.split(`${head}\n`)[1]?.split('\n')[1];
    expect(rowUnder('| resource | actual | granted | by which grants, why | since | until | stands out |')).toMatch(
      /^\| `inbox:Checkout\/QA` \| admin from `account`<br>own row: level 77 \| viewer from `project:Checkout` \| `viewer because .*` \| `2026-01-01` \| `2027-02-02` \| redundant, not-granted \|$/,
    );
    expect(rowUnder('| who | resource | actual | granted | why it stands out |')).toBe(
      '| `token:ci` | `inbox:Checkout/QA` | admin | viewer | redundant, not-granted |',
    );
    expect(rowUnder('| who | what, as written | by which grant, why | phase |')).toBe(
      '| `gone@example.com` | `admin on project:Mobile *, except project:Mobile Legacy` | `group ops → role lead (policy.yaml:41), OPS-9, from 2026-04-04, until 2028-08-08` | running |',
    );
    expect(text).toContain(
      'token, access 5008, upcoming by the policy, **own-token**, **protected**, expires 2030-03-03T03:03:03Z',
    );
    expect(text).toContain(
      '**2 users, 3 open invites, 4 API tokens, 5 account admins and owners, 1 named by the policy',
    );
    expect(text).toContain('| **protected** | 7 principals |');
    expect(text).toContain('| **redundant** | 8 lines |');
    expect(text).toContain(
      `| As of | 2026-11-24T12:00:00Z |\n| Account read from | \`${ABOUT.source}\` |\n| Policy | \`${ABOUT.policy}\` |\n| Mode | authoritative |`,
    );
  });

  it('as JSON, by its keys', () => {
    const { holders, absent, ...rest } = reviewToJson(REVIEW);
    expect(rest).toMatchObject({
      account: 3229,
      asOf: '2026-11-24T12:00:00Z',
      mode: 'authoritative',
      source: REVIEW.source,
      policy: { file: 'policy.yaml', sha256: 'b2'.repeat(32), commit: 'c3'.repeat(20) },
      grantd: '1.2.3',
      counts: REVIEW.counts,
    });
    expect([...holders]).toMatchObject([
      {
        principal: { access: 5008 },
        status: 'upcoming',
        marks: ['own-token', 'protected'],
        expiresAt: '2030-03-03T03:03:03Z',
        entries: [
          {
            resource: { id: 77 },
            entitled: { level: 'viewer', by: { id: 4001 } },
            actual: { level: 'admin', by: { id: 3229 } },
            row: 77,
            since: '2026-01-01T00:00:00Z',
            until: '2027-02-02T00:00:00Z',
            findings: ['redundant', 'not-granted'],
          },
        ],
      },
    ]);
    expect([...absent]).toMatchObject([
      {
        name: { email: 'gone@example.com' },
        grants: [{ phase: 'running', from: '2026-04-04T00:00:00Z', until: '2028-08-08T00:00:00Z', reason: 'OPS-9' }],
      },
    ]);
  });
});
