import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { OPEN_MOST } from '../../../src/adapters/audit/log-end.ts';
import { openAuditLog } from '../../../src/adapters/audit/open-audit-log.ts';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import type { IntendedPut } from '../../../src/core/domain/run/daemon-ports.ts';
import { canonicalJson, type Json } from '../../../src/core/domain/text/canonical-json.ts';
import { ApiError, GrantdError } from '../../../src/core/domain/text/error.ts';
import { skippedFor, whyNotAsRoot } from '../../support/skipped-for.ts';
import {
  ACCOUNT,
  ANSWERED,
  BEGIN,
  besides,
  emptyDirectory,
  kindsOf,
  logOf,
  newLog,
  open,
  putOf,
  recordsOf,
} from './support/puts.ts';

const DIGEST = `sha256:${'e'.repeat(64)}`;
const AT = { file: 'policy.yaml', line: 91, column: 3, length: 1 };
/** By a line of the policy, by a user of the system, and by nobody whom the system can name. */
const APPROVED: IntendedPut['approved'] = [
  { digest: DIGEST, by: { kind: 'policy', at: AT, until: { at: Date.UTC(2026, 11, 1), text: '2026-11-30' } } },
  { digest: DIGEST, by: { kind: 'by-hand', user: 'root' } },
  { digest: DIGEST, by: { kind: 'by-hand', user: null } },
];

async function failureOf(work: Promise<unknown>): Promise<GrantdError> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof GrantdError && failure.code === 'audit-unwritable') return failure;
  throw new Error(`no audit-unwritable: ${failure}`);
}

describe('what is written', () => {
  test('an intent stands in the file before `intend` resolves, and its outcome after', async () => {
    const file = newLog();
    const { journal, repaired, unknown } = await open(file);
    expect({ repaired, unknown, kinds: kindsOf(file) }).toEqual({ repaired: 0, unknown: [], kinds: [] });
    const entry = await journal.intend(putOf(1));
    expect(kindsOf(file)).toEqual(['intent']);
    const hash = await entry.ended(ANSWERED);
    expect(kindsOf(file)).toEqual(['intent', 'outcome']);
    expect(hash).toBe(recordsOf(file)[1]?.hash);
  });

  test('the records, word for word', async () => {
    const file = newLog();
    const { journal } = await open(file, 'host-1');
    await (await journal.intend(putOf(1))).ended(ANSWERED);
    const [intent, outcome] = recordsOf(file);
    const writer = { host: 'host-1', pid: process.pid, id: expect.any(String) };
    const head = { version: 1, account: ACCOUNT, time: '2026-11-24T04:00:00Z', writer };
    const grant = {
      kind: 'grant',
      file: 'policy.yaml',
      line: 51,
      resource: 'project:Mobile *',
      level: 'admin',
      role: { name: 'tester', file: 'policy.yaml', line: 41 },
      groups: [{ name: 'qa', file: 'policy.yaml', line: 11 }],
      otherPaths: 1,
      reason: 'OPS-123, for the “Ü” launch',
      until: '2027-01-01T00:00:00Z',
      endedBy: null,
    };
    expect(intent).toEqual({
      ...head,
      kind: 'intent',
      seq: 1,
      prev: '0'.repeat(64),
      hash: expect.any(String),
      open: [1],
      runId: 'run-1',
      access: 5001,
      principal: { kind: 'user', email: 'person1@example.com' },
      revision: { sha256: 'a'.repeat(64), commit: 'b'.repeat(40) },
      planDigest: `sha256:${'c'.repeat(64)}`,
      rows: [
        {
          kind: 'raise',
          resource: { type: 'project', id: 4001, label: 'project:Mobile 4001' },
          before: 'viewer',
          after: 'admin',
          why: [grant],
        },
        {
          kind: 'remove',
          resource: { type: 'project', id: 4002, label: 'project:Mobile 4002' },
          before: 77,
          after: null,
          why: [{ kind: 'unlisted', file: 'policy.yaml', line: 9 }],
          cause: 'drift',
        },
        {
          kind: 'lower',
          resource: { type: 'project', id: 4003, label: 'project:Mobile 4003' },
          before: 'admin',
          after: 'viewer',
          why: [
            {
              ...grant,
              kind: 'ended',
              role: null,
              reason: null,
              until: null,
              endedBy: { file: 'policy.yaml', line: 21 },
            },
            { kind: 'not-granted', file: 'policy.yaml', line: 52, groups: grant.groups },
            { kind: 'offboarded', file: 'policy.yaml', line: 21 },
          ],
        },
      ],
    });
    expect(outcome).toEqual({
      ...head,
      kind: 'outcome',
      seq: 2,
      prev: intent?.hash,
      hash: expect.any(String),
      open: [],
      intent: { seq: 1, hash: intent?.hash },
      runId: 'run-1',
      access: 5001,
      sent: 'answered',
      status: 200,
      requestId: 'req-1',
      error: null,
      mayHaveTakenEffect: true,
    });
  });

  test('each hash is the SHA-256 of the canonical JSON of the record without it', async () => {
    for (const record of recordsOf(await logOf(3))) {
      const { hash, ...rest } = record;
      expect(
        createHash('sha256')
          .update(canonicalJson(rest as unknown as Json))
          .digest('hex'),
      ).toBe(hash);
    }
  });

  test('every kind of record is as the published schema says', async () => {
    const schema = JSON.parse(readFileSync(new URL('../../../schemas/audit.v1.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
    const file = await logOf(1);
    const { journal } = await open(file);
    const failed = new GrantdError('stopped', 'asked to stop', 'nothing');
    await (await journal.intend(putOf(2, { revision: null }))).ended({ kind: 'failed', error: failed });
    const [change = never()] = putOf(3).changes;
    const token = { ...change, principal: { kind: 'token', name: 'ci', tokenId: 7 } } as const;
    await journal.intend(putOf(3, { changes: [token], approved: APPROVED }));
    appendFileSync(file, '{"torn');
    await open(file);
    const records = recordsOf(file);
    expect(new Set(records.map(({ kind }) => kind)).size).toBe(4);
    for (const record of records) {
      validate(record);
      expect(validate.errors, record.kind).toBe(null);
      expect(validate({ ...record, extra: 1 })).toBe(false);
    }
  });

  test('of an approval, its digest and where it came from, and the log proves that', async () => {
    const file = newLog();
    const { journal } = await open(file);
    await (await journal.intend(putOf(1, { approved: APPROVED }))).ended(ANSWERED);
    const [intent] = recordsOf(file);
    expect(intent).toMatchObject({
      approvals: [
        { digest: DIGEST, by: { kind: 'policy', file: 'policy.yaml', line: 91, until: '2026-12-01T00:00:00Z' } },
        { digest: DIGEST, by: { kind: 'by-hand', user: 'root' } },
        { digest: DIGEST, by: { kind: 'by-hand', user: null } },
      ],
    });
    expect((await verifyAuditLog(file, null)).breaks).toEqual([]);
  });

  test('of an error, its code, its message, and what is known of the answer', async () => {
    const file = newLog();
    const { journal } = await open(file);
    const request = {
      method: 'PUT',
      path: '/api/x',
      status: 503,
      requestId: 'req-9',
      tries: 1,
      mayHaveTakenEffect: false,
    };
    const refused = new ApiError(
      'api-server-error',
      'it said no',
      'wait',
      request,
      new Error('Bearer secret-in-a-cause'),
    );
    await (await journal.intend(putOf(1))).ended({ kind: 'failed', error: refused });
    const stopped = new GrantdError('stopped', 'x'.repeat(5_000), 'nothing');
    await (await journal.intend(putOf(2))).ended({ kind: 'failed', error: stopped });
    const [, first, , second] = recordsOf(file);
    expect(first).toMatchObject({
      sent: 'failed',
      status: 503,
      requestId: 'req-9',
      error: { code: 'api-server-error', message: 'it said no' },
      mayHaveTakenEffect: false,
    });
    expect(second).toMatchObject({
      status: null,
      requestId: null,
      error: { code: 'stopped', message: 'x'.repeat(1_000) },
      mayHaveTakenEffect: true,
    });
    expect(readFileSync(file, 'utf8')).not.toContain('secret-in-a-cause');
  });

  test('only its owner may read it, and its directory where that had to be made', async () => {
    const file = join(emptyDirectory(), 'new', 'audit.jsonl');
    await (await open(file)).journal.intend(putOf(1));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
    expect(besides(file)).toEqual([]);
  });

  test('PUTs at the same time stand one after the other, and each outcome names its intent', async () => {
    const file = newLog();
    const { journal } = await open(file);
    const people = Array.from({ length: 32 }, (_, index) => index + 1);
    await Promise.all(people.map(async (person) => (await journal.intend(putOf(person))).ended(ANSWERED)));
    const records = recordsOf(file);
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    expect(records.every(({ prev }, index) => prev === (records[index - 1]?.hash ?? '0'.repeat(64)))).toBe(true);
    for (const record of records) {
      if (record.kind !== 'outcome') continue;
      const intent = records[record.intent.seq - 1];
      expect(intent).toMatchObject({ kind: 'intent', hash: record.intent.hash, runId: record.runId });
      expect(record.open).not.toContain(record.intent.seq);
    }
    expect(records.at(-1)?.open).toEqual([]);
  });
});

describe('opening a log that is there', () => {
  test('goes on with its chain', async () => {
    const file = await logOf(2);
    const { journal, repaired, unknown } = await open(file);
    expect({ repaired, unknown }).toEqual({ repaired: 0, unknown: [] });
    await journal.intend(putOf(3));
    const records = recordsOf(file);
    expect(records.at(-1)).toMatchObject({ seq: 5, prev: records.at(-2)?.hash });
  });

  test('an intent of a process that is gone gets an unknown, once', async () => {
    const file = await logOf(1);
    const { journal } = await open(file);
    await journal.intend(putOf(7));
    await journal.intend(putOf(8));
    const { unknown } = await open(file);
    expect(unknown).toEqual([
      { access: 5007, runId: 'run-7' },
      { access: 5008, runId: 'run-8' },
    ]);
    expect(kindsOf(file)).toEqual(['intent', 'outcome', 'intent', 'intent', 'unknown', 'unknown']);
    expect(recordsOf(file).at(-2)).toMatchObject({ intent: { seq: 3 }, open: [4] });
    expect((await open(file)).unknown).toEqual([]);
    expect(kindsOf(file)).toHaveLength(6);
  });

  test('an intent that lies megabytes back is found', async () => {
    const file = newLog();
    const first = await open(file);
    await first.journal.intend(putOf(1));
    const many = Array.from({ length: 500 }, (_, index) => putOf(2).changes[index % 3] ?? never());
    for (let turn = 0; turn < 10; turn += 1) {
      await (await first.journal.intend(putOf(2, { changes: many }))).ended(ANSWERED);
    }
    expect(statSync(file).size).toBeGreaterThan(1_000_000);
    expect((await open(file)).unknown).toEqual([{ access: 5001, runId: 'run-1' }]);
  });

  test('an intent of a process that runs on this machine is left to it', async () => {
    const file = newLog();
    const { journal } = await open(file);
    await journal.intend(putOf(1));
    // The same as if another process had written it: its number is that of the process that runs these tests.
    editRecord(file, (record) => ({ ...record, writer: { ...record.writer, pid: process.ppid } }));
    expect((await open(file)).unknown).toEqual([]);
    editRecord(file, (record) => ({ ...record, writer: { ...record.writer, host: 'gone-pod' } }));
    expect((await open(file)).unknown).toEqual([{ access: 5001, runId: 'run-1' }]);
  });

  test('an outcome that comes after its unknown is written down all the same', async () => {
    const file = newLog();
    const late = await (await open(file)).journal.intend(putOf(1));
    await open(file);
    await late.ended(ANSWERED);
    expect(kindsOf(file)).toEqual(['intent', 'unknown', 'outcome']);
    expect(recordsOf(file)[2]).toMatchObject({ intent: { seq: 1 }, open: [] });
  });

  test.each([
    [
      'an edited last record',
      (text: string) => text.replace(/"status":200(?!.*"status":200)/s, '"status":201'),
      'edited',
    ],
    ['a last line that is no record', (text: string) => `${text}{}\n`, 'edited'],
    ['an empty last line', (text: string) => `${text}\n`, 'no record'],
    ['a last line of another program', (text: string) => `${text}hello\n`, 'no record'],
    ['a line end in the middle', (text: string) => text.replace(/(.{20}\n)$/, '\n$1'), 'no record'],
  ])('%s: nothing is added', async (_, edit, words) => {
    const file = await logOf(2);
    const text = edit(readFileSync(file, 'utf8'));
    writeFileSync(file, text);
    const failure = await failureOf(open(file));
    expect(failure.message).toContain('is damaged, and nothing is added to it');
    expect(failure.message).toContain(words);
    expect(failure.remedy).toContain('audit verify');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('a record before the last that was edited is seen where an intent has to be looked for', async () => {
    const file = newLog();
    const { journal } = await open(file);
    await journal.intend(putOf(1));
    await (await journal.intend(putOf(2))).ended(ANSWERED);
    writeFileSync(file, readFileSync(file, 'utf8').replace('person1@', 'person9@'));
    expect((await failureOf(open(file))).message).toContain('the record at byte 0');
  });

  test('a log of another account is refused', async () => {
    const file = await logOf(1);
    const failure = await failureOf(openAuditLog({ file, account: 1, now: () => BEGIN }));
    expect(failure.message).toContain('is for account 3229, not for 1');
    expect(failure.remedy).toContain('{account}');
  });

  test('a line without end is refused, and not read whole', async () => {
    const file = newLog();
    writeFileSync(file, '');
    truncateSync(file, 2 ** 31);
    expect((await failureOf(open(file))).message).toContain('more than 4194304 bytes');
  });
});

describe('while it is written', () => {
  test('what another opening added is followed, and the chain never forks', async () => {
    const file = newLog();
    const one = (await open(file)).journal;
    const two = (await open(file)).journal;
    const people = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(
      people.map(async (person) => (await (person % 2 ? one : two).intend(putOf(person))).ended(ANSWERED)),
    );
    const records = recordsOf(file);
    expect(records).toHaveLength(40);
    expect(records.every(({ prev }, index) => prev === (records[index - 1]?.hash ?? '0'.repeat(64)))).toBe(true);
    expect(records.at(-1)?.open).toEqual([]);
  });

  test('a file that was moved away is left, and a new chain begins', async () => {
    const file = newLog();
    const { journal } = await open(file);
    const entry = await journal.intend(putOf(1));
    renameSync(file, `${file}.1`);
    await journal.intend(putOf(2));
    await entry.ended(ANSWERED);
    expect(kindsOf(`${file}.1`)).toEqual(['intent']);
    const [intent, outcome] = recordsOf(file);
    expect(intent).toMatchObject({ seq: 1, prev: '0'.repeat(64), runId: 'run-2' });
    // It has the number of the other intent, and closes the one of the earlier file.
    expect(outcome).toMatchObject({ intent: { seq: 1, hash: recordsOf(`${file}.1`)[0]?.hash }, open: [1] });
  });

  test.each([
    ['cut off', (file: string) => truncateSync(file, statSync(file).size - 10)],
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['cut off by whole records', (file: string) => truncateSync(file, readFileSync(file).indexOf('\n') + 1)],
  ])('a file that was %s is refused, until it is moved away', async (_, harm) => {
    const file = newLog();
    const { journal } = await open(file);
    await (await journal.intend(putOf(1))).ended(ANSWERED);
    harm(file);
    const failure = await failureOf(journal.intend(putOf(2)));
    expect(failure.message).toContain('records were removed');
    renameSync(file, `${file}.1`);
    await journal.intend(putOf(2));
    expect(kindsOf(file)).toEqual(['intent']);
  });

  test('a PUT whose record would be too long is refused, and the next one is not', async () => {
    const file = newLog();
    const { journal } = await open(file);
    const [change = never()] = putOf(1).changes;
    const huge = { ...change, resource: { ...change.resource, label: 'x'.repeat(4 * 2 ** 20) } };
    const failure = await failureOf(journal.intend(putOf(1, { changes: [huge] })));
    expect(failure.remedy).toContain('rowsPerPut');
    await journal.intend(putOf(2));
    expect(kindsOf(file)).toEqual(['intent']);
  });

  test(`at most ${OPEN_MOST} intents are open at one time`, async () => {
    const file = newLog();
    const { journal } = await open(file);
    const [change = never()] = putOf(1).changes;
    const entries = [];
    for (let person = 1; person <= OPEN_MOST; person += 1) {
      entries.push(await journal.intend(putOf(person, { changes: [change] })));
    }
    expect((await failureOf(journal.intend(putOf(999)))).message).toContain(`${OPEN_MOST} intents without outcome`);
    await entries[5]?.ended(ANSWERED);
    await journal.intend(putOf(999));
    expect(recordsOf(file).at(-1)?.open).toHaveLength(OPEN_MOST);
  });
});

describe('a lock', () => {
  test.each([
    ['of a process that is gone', `an-id ${2 ** 22 + 1} HOST`],
    ['of a process before us with our number', `an-id ${process.pid} HOST`],
  ])('%s is removed', async (_, target) => {
    const file = newLog();
    const { hostname } = await import('node:os');
    symlinkSync(target.replace('HOST', hostname()), `${file}.lock`);
    symlinkSync(target.replace('HOST', hostname()), `${file}.lock.lock`);
    await (await open(file)).journal.intend(putOf(1));
    expect(besides(file)).toEqual([]);
  });

  test('that is no lock of grantd is left alone', async () => {
    const file = newLog();
    writeFileSync(`${file}.lock`, 'mine');
    expect(await failureOf(open(file))).toMatchObject({ message: expect.stringContaining('is no lock') });
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe('mine');
  });
});

const PLACES: ReadonlyMap<string, (file: string) => string> = new Map([
  ['below a file', (file: string) => join(file, '..', 'd', 'audit.jsonl')],
  ['where the file system takes none', () => '/proc/grantd/audit.jsonl'],
]);

test.each([
  [0o600, null],
  [0o660, null],
  [0o644, 'read'],
  [0o666, 'write'],
  [0o602, 'write'],
])('a log of mode %o keeps its mode, and says what everyone can do with it', async (mode, openTo) => {
  const file = await logOf(1);
  chmodSync(file, mode);
  expect((await open(file)).openTo).toBe(openTo);
  expect(statSync(file).mode & 0o777).toBe(mode);
});

describe('what cannot be a log', () => {
  test.each([
    ['a directory', (file: string) => mkdirSync(file), 'directory'],
    ['a pipe', (file: string) => execFileSync('mkfifo', [file]), 'no ordinary file'],
    ['a link to a device', (file: string) => symlinkSync('/dev/full', file), 'is a symbolic link'],
    ['a link to nothing', (file: string) => symlinkSync('elsewhere', file), 'is a symbolic link'],
    ['where the file system takes none', () => {}, 'cannot be written'],
    ['below a file', (file: string) => writeFileSync(join(file, '..', 'd'), ''), 'file'],
  ])('%s', async (what, make, words) => {
    const file = newLog();
    make(file);
    const failure = await failureOf(open(PLACES.get(what)?.(file) ?? file));
    expect(failure.message).toContain(words);
    expect(failure.remedy).not.toBe('');
  });

  test.each(['absent', 'empty', 'a log'])('a link whose target is %s, which stays as it is', async (what) => {
    const file = newLog();
    const target = what === 'a log' ? await logOf(1) : join(emptyDirectory(), 'elsewhere');
    if (what === 'empty') writeFileSync(target, '');
    const before = existsSync(target) ? readFileSync(target, 'utf8') : null;
    symlinkSync(target, file);
    const failure = await failureOf(open(file));
    expect(failure.message).toBe(
      `the audit log ${file} cannot be written: it is a symbolic link, which grantd does not follow`,
    );
    expect(failure.remedy).toBe('delete the link, or set auditLog to the file itself');
    expect(existsSync(target) ? readFileSync(target, 'utf8') : null).toBe(before);
  });

  test('a link that takes the place of the log while grantd runs', async () => {
    const file = newLog();
    const { journal } = await open(file);
    const elsewhere = join(emptyDirectory(), 'elsewhere');
    renameSync(file, `${file}.1`);
    symlinkSync(elsewhere, file);
    expect((await failureOf(journal.intend(putOf(1)))).message).toContain('is a symbolic link');
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('a file that this user may not write', skippedFor(whyNotAsRoot), async () => {
    const file = await logOf(1);
    chmodSync(file, 0o400);
    expect((await failureOf(open(file))).message).toContain('may not write');
  });
});

/** The same record with other content and a hash that fits: what another writer would have written. */
function editRecord(file: string, edit: (record: ReturnType<typeof recordsOf>[number]) => object): void {
  const [record = never()] = recordsOf(file);
  const { hash: _, ...rest } = edit(record) as Record<string, Json>;
  const hash = createHash('sha256').update(canonicalJson(rest)).digest('hex');
  writeFileSync(file, `${canonicalJson({ ...rest, hash })}\n`);
}

function never(): never {
  throw new Error('unreachable');
}
