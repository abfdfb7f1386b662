import { describe, expect, test } from 'vitest';
import type { AuditProof } from '../../../src/core/domain/answer/audit-proof.ts';
import { renderAuditProof } from '../../../src/report/audit/proof-text.ts';
import { renderAuditEntry, type ShownEntry } from '../../../src/report/audit/text.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';

type Put = Extract<ShownEntry, { readonly kind: 'put' }>;

const AT = { file: 'policy.yaml', line: 31 };
const NAMED = { ...AT, name: 'qa' };

const INTENT: Put['intent'] = {
  seq: 7,
  time: '2026-11-24T04:00:00Z',
  runId: 'run-1',
  principal: { kind: 'user', email: 'ann@example.com' },
  revision: null,
  rows: [],
};

const FAILED = {
  kind: 'outcome' as const,
  time: '2026-11-24T04:00:02Z',
  intent: { seq: 7, hash: 'c0ffee'.repeat(10) },
  sent: 'failed' as const,
  status: null,
  requestId: null,
  error: null,
  mayHaveTakenEffect: true,
};

describe('an entry of the audit log', () => {
  test('has the cause of a row, where it is known', () => {
    const row = { kind: 'remove', resource: { label: 'account' }, before: 'admin', after: null, why: [] } as const;
    const entry = (cause?: 'drift'): ShownEntry => ({
      kind: 'put',
      intent: { ...INTENT, rows: [{ ...row, ...(cause && { cause }) }] },
      end: null,
    });
    expect(renderAuditEntry(entry('drift'), PLAIN)).toContain(
      '  -  account  admin → none\n      drift: someone else changed this access\n',
    );
    expect(renderAuditEntry(entry(), PLAIN)).not.toContain('drift');
  });

  test('has each row with its reasons', () => {
    const until = '2026-12-31T00:00:00Z';
    const grant = {
      ...AT,
      resource: 'project:*',
      level: 'admin' as const,
      groups: [NAMED],
      otherPaths: 0,
      reason: null,
    };
    const row = (kind: 'create' | 'raise' | 'lower' | 'remove', label: string) => ({ kind, resource: { label } });
    const entry: ShownEntry = {
      kind: 'put',
      intent: {
        ...INTENT,
        rows: [
          {
            ...row('create', 'project:A'),
            before: null,
            after: 'admin',
            why: [{ ...grant, kind: 'grant', role: NAMED, until, endedBy: null }],
          },
          {
            ...row('remove', 'project:B'),
            before: 'admin',
            after: null,
            why: [
              { ...grant, kind: 'ended', role: null, until: null, endedBy: AT },
              { ...AT, kind: 'not-granted', groups: [NAMED] },
              { ...AT, kind: 'unlisted' },
            ],
          },
          { ...row('lower', 'project:C'), before: 50, after: 'viewer', why: [] },
        ],
      },
      end: null,
    };
    expect(renderAuditEntry(entry, PLAIN)).toMatchInlineSnapshot(`
      "2026-11-24T04:00:00Z  ann@example.com  record 7, run run-1
        +  project:A  none → admin
            because group qa → role qa → project:* (policy.yaml:31), until 2026-12-31T00:00:00Z
        -  project:B  admin → none
            ended by \`ends\` (policy.yaml:31): group qa → project:* (policy.yaml:31)
            no grant that has begun names them, and \`unlisted\` revokes their access (policy.yaml:31)
            no grant gives this; named at policy.yaml:31 (group qa)
        ↓  project:C  none → viewer
        no outcome yet
      "
    `);
  });

  test('says what is known about a failure', () => {
    const text = (
      end: Omit<Partial<typeof FAILED>, 'error'> & { readonly error?: { code: string; message: string } },
    ) =>
      renderAuditEntry({ kind: 'put', intent: INTENT, end: { ...FAILED, ...end } }, PLAIN)
        .split('\n')
        .at(-2);
    expect(text({})).toBe('  failed, and it may have taken effect: the log has no error');
    expect(text({ error: { code: 'api-timeout', message: 'no answer' }, mayHaveTakenEffect: false })).toBe(
      '  failed, and it changed nothing: api-timeout: no answer',
    );
  });

  test('names the record of an outcome that came late, or the hash if that is in an earlier file', () => {
    const text = (intent: Put['intent'] | null) => renderAuditEntry({ kind: 'late', intent, end: FAILED }, PLAIN);
    expect(text(INTENT)).toContain('later, of record 7: failed');
    expect(text(null)).toContain('later, of an earlier file (c0ffeec0ffee): failed');
  });
});

describe('the proof of an audit log', () => {
  const proof: AuditProof = {
    account: 3229,
    records: 3,
    firstTime: '2026-11-24T04:00:00Z',
    lastTime: '2026-11-24T05:00:00Z',
    head: 'ab',
    intents: 2,
    withoutOutcome: [3],
    unknown: 1,
    repaired: 0,
    noted: null,
    breaks: [],
    furtherBreaks: 0,
  };

  test('lists breaks, and what has no known outcome', () => {
    const broken = { ...proof, breaks: [{ line: 2, what: 'this line was edited' }], furtherBreaks: 4 };
    expect(renderAuditProof('audit.jsonl', broken, { noted: null, isWhole: false }, PLAIN)).toMatchInlineSnapshot(`
      "audit.jsonl: the chain is broken
        audit.jsonl:2: this line was edited
        and 4 further breaks
        records          3, from 2026-11-24T04:00:00Z to 2026-11-24T05:00:00Z
        account          3229
        head             ab
        writes           2 PUTs
        without outcome  record 3
        unknown outcome  1 PUT
        repaired         never
      "
    `);
  });

  test('says whether a record has the hash of --head', () => {
    const text = (noted: number | null) =>
      renderAuditProof('audit.jsonl', { ...proof, noted }, { noted: 'cd', isWhole: noted !== null }, PLAIN);
    expect(text(2)).toContain('is record 2');
    expect(text(null)).toContain('audit.jsonl: no record has the hash of --head');
    expect(text(null)).toContain('no record has this hash: the log was truncated before it, or replaced');
  });

  test('shows one line of a file that is no audit log', () => {
    const breaks = [1, 2, 3].map((line) => ({ line, what: 'it is no record' }));
    const other = { ...proof, head: null, records: 0, breaks, furtherBreaks: 4 };
    expect(renderAuditProof('notes.txt', other, { noted: null, isWhole: false }, PLAIN)).toBe(
      [
        'notes.txt: this is not an audit log, or every record in it was changed',
        '  notes.txt:1: it is no record',
        '  and 6 further breaks',
        '  records  none',
        '',
      ].join('\n'),
    );
  });

  test('says of an empty log only that it has no record', () => {
    const empty = { ...proof, head: null, records: 0 };
    expect(renderAuditProof('audit.jsonl', empty, { noted: null, isWhole: true }, PLAIN)).toBe(
      'audit.jsonl: the log has no records; only --head proves that none was removed\n  records  none\n',
    );
  });
});
