import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAuditLog } from '../../src/adapters/audit/open-audit-log.ts';
import type { Principal } from '../../src/core/domain/account/principal.ts';
import type { Change } from '../../src/core/domain/plan/plan.ts';
import type { PutEnd } from '../../src/core/domain/run/daemon-ports.ts';
import { ApiError, GrantdError } from '../../src/core/domain/text/error.ts';
import { ANSWERED, putOf } from '../adapters/audit/support/puts.ts';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { POLICY, workplace } from '../support/workplace.ts';

const LOG = 'audit-3229.jsonl';
const BEGIN = Date.parse('2026-11-24T04:00:00Z');

/** A minute later for each record. */
function ticking(): () => number {
  let minutes = -1;
  return () => {
    minutes += 1;
    return BEGIN + minutes * 60_000;
  };
}

function changeOf(principal: Principal): Change {
  const place = { file: 'policy.yaml', line: 12, column: 5, length: 3 };
  return {
    kind: 'raise',
    principal,
    access: 5142,
    resource: { type: 'inbox', id: 9, label: 'inbox:Checkout/\u001b[31mQA' },
    before: 10,
    after: 100,
    why: [
      {
        kind: 'grant',
        grant: place,
        resource: 'inbox:Checkout/*',
        level: 'admin',
        role: null,
        groups: [{ name: 'qa', at: { ...place, line: 4 } }],
        otherPaths: 0,
        reason: 'OPS-123',
        until: null,
        endedBy: null,
      },
    ],
  };
}

/** Four PUTs: answered, failed, of a token and never answered, and torn. */
async function logIn(cwd: string, name = LOG): Promise<string> {
  const file = join(cwd, name);
  const { journal } = await openAuditLog({ file, account: 3229, now: ticking() });
  const ann = { kind: 'user', email: 'Ann@Example.com' } as const;
  await (await journal.intend(putOf(1, { changes: [changeOf(ann)] }))).ended(ANSWERED);
  const request = { method: 'PUT', path: '/x', status: 403, requestId: 'req-2', tries: 1, mayHaveTakenEffect: false };
  const refused: PutEnd = { kind: 'failed', error: new ApiError('api-forbidden', 'it said no', 'ask', request) };
  await (await journal.intend(putOf(2))).ended(refused);
  const stopped: PutEnd = { kind: 'failed', error: new GrantdError('stopped', 'asked to stop', 'nothing') };
  await (await journal.intend(putOf(3, { revision: null }))).ended(stopped);
  const lost = await journal.intend(putOf(4, { changes: [changeOf({ kind: 'token', name: 'ci', tokenId: 7 })] }));
  appendFileSync(file, '{"account":32');
  await openAuditLog({ file, account: 3229, now: ticking() });
  await lost.ended(ANSWERED);
  await journal.intend(putOf(5, { changes: [changeOf(ann)] }));
  return file;
}

function headOf(file: string): string {
  return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '{}').hash;
}

describe('show', () => {
  test('shows what was written, why, and how it ended', async () => {
    const cwd = workplace();
    await logIn(cwd);
    const { code, stdout, stderr } = await runCli(['audit', 'show', LOG], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const entries = stdout.split('\n\n').map((entry) => entry.trimEnd());
    expect(entries[0]).toBe(
      [
        '2026-11-24T04:00:00Z  Ann@Example.com  record 1, run run-1, git:bbbbbbbbbbbb',
        '  ↑  inbox:Checkout/\\u{1b}[31mQA  viewer → admin',
        '      because group qa → inbox:Checkout/* (policy.yaml:12), OPS-123',
        '  answered 200, request req-1',
      ].join('\n'),
    );
    expect(entries[1]).toContain('failed, and it changed nothing: api-forbidden: it said no, request req-2');
    expect(entries[1]).toContain('-  project:Mobile 4002  level 77 → none');
    expect(entries[1]).toContain('ended by `ends` (policy.yaml:21)');
    expect(entries[2]).toContain('failed, and it may have taken effect: stopped: asked to stop');
    expect(entries[3]).toMatch(/grantd moved a torn line of 13 bytes to audit-3229\.jsonl\.torn-8-[0-9a-f]{8}$/);
    expect(entries[4]).toContain('token:ci  record 7, run run-4');
    expect(entries[4]).toContain('unknown: grantd stopped before it saw the answer');
    expect(entries[5]).toMatch(/later, of record 7: answered 200, request req-1$/);
    expect(entries[6]).toContain('no outcome yet');
    expect(entries).toHaveLength(7);
  });

  test.each([
    [
      ['--who', 'ann@example.com'],
      ['run-1', 'run-5'],
    ],
    [
      ['--who', 'token:ci'],
      ['run-4', 'run-4'],
    ],
    [['--run', 'run-2'], ['run-2']],
    [['--last', '1'], ['run-5']],
    [
      ['--who', 'ANN@EXAMPLE.COM', '--last', '9'],
      ['run-1', 'run-5'],
    ],
    [['--who', 'nobody@example.com'], []],
    // Names of tokens compare exactly: only an e-mail has several spellings.
    [['--who', 'token:CI'], []],
  ])('%j', async (flags, runs) => {
    const cwd = workplace();
    await logIn(cwd);
    const { code, stdout } = await runCli(['audit', 'show', LOG, '--format', 'json', ...flags], { cwd });
    const { version, entries, breaks } = JSON.parse(stdout);
    expect({ code, version, breaks }).toEqual({ code: 0, version: 1, breaks: 0 });
    const runOf = ({ intent, end }: { intent?: { runId: string }; end?: { runId: string } }) =>
      intent?.runId ?? end?.runId;
    expect(entries.map(runOf)).toEqual(runs);
  });

  test('as JSON it prints the records as they are in the log', async () => {
    const cwd = workplace();
    const file = await logIn(cwd);
    const { stdout } = await runCli(['audit', 'show', LOG, '--format', 'json'], { cwd });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line));
    const { entries } = JSON.parse(stdout);
    expect(entries[0]).toEqual({ kind: 'put', intent: records[0], end: records[1] });
    expect(entries[3]).toEqual({ kind: 'repaired', repaired: records[7] });
    expect(entries.at(-1)).toEqual({ kind: 'put', intent: records.at(-1), end: null });
  });

  test('a log that is broken is shown as far as it can be, and exits with 1', async () => {
    const cwd = workplace();
    const file = await logIn(cwd);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"status":403', '"status":200'));
    const { code, stdout, stderr } = await runCli(['audit', 'show', LOG], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('Ann@Example.com');
    expect(stderr).toContain(`${LOG}:4: it was edited`);
    expect(stderr).toContain(`help: run \`grantd audit verify ${LOG}\``);
  });

  test('a file that is no audit log is reported once', async () => {
    const cwd = workplace({ 'notes.txt': 'one\ntwo\nthree\n' });
    const { code, stdout, stderr } = await runCli(['audit', 'show', 'notes.txt'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'warning: notes.txt: this is not an audit log, or every record in it was changed\n  help: name the file that the setting auditLog names\n',
    );
  });

  test.each([
    [['--who', 'ann@example.org'], 'no record of ann@example.org\n'],
    [['--who', 'token:deploy'], 'no record of token:deploy\n'],
    [['--run', 'run-9'], 'no record in run run-9\n'],
    [['--who', 'ann@example.com', '--run', 'run-2'], 'no record of ann@example.com in run run-2\n'],
  ])('%j: says that no record fits', async (flags, text) => {
    const cwd = workplace();
    await logIn(cwd);
    expect(await runCli(['audit', 'show', LOG, ...flags], { cwd })).toMatchObject({ code: 0, stdout: text });
  });

  test('an empty log says so', async () => {
    const cwd = workplace({ [LOG]: '' });
    expect(await runCli(['audit', 'show', LOG], { cwd })).toMatchObject({
      code: 0,
      stdout: 'the log has no records\n',
    });
    const { stdout } = await runCli(['audit', 'show', LOG, '--format', 'json'], { cwd });
    expect(JSON.parse(stdout)).toEqual({ version: 1, entries: [], breaks: 0 });
  });
});

describe('verify', () => {
  test('proves the chain, and that a hash is in it', async () => {
    const cwd = workplace();
    const head = headOf(await logIn(cwd));
    const { code, stdout } = await runCli(['audit', 'verify', LOG, '--head', head.toUpperCase()], { cwd });
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        `${LOG}: the chain is whole`,
        '  records          11, from 2026-11-24T04:00:00Z to 2026-11-24T04:08:00Z',
        '  account          3229',
        `  head             ${head}`,
        '  --head           is record 11',
        '  writes           5 PUTs',
        '  without outcome  record 11',
        '  unknown outcome  none',
        '  repaired         1 torn line',
        '',
      ].join('\n'),
    );
  });

  test('a log that was cut off fails by its head alone', async () => {
    const cwd = workplace();
    const file = await logIn(cwd);
    const head = headOf(file);
    writeFileSync(file, readFileSync(file, 'utf8').split('\n').slice(0, 4).join('\n').concat('\n'));
    expect((await runCli(['audit', 'verify', LOG], { cwd })).code).toBe(0);
    const { code, stdout } = await runCli(['audit', 'verify', LOG, '--head', head], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('no record has the hash of --head');
    expect(stdout).toContain('no record has this hash');
  });

  test('names each line where it breaks, and exits with 1', async () => {
    const cwd = workplace();
    const file = await logIn(cwd);
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.splice(2, 1);
    writeFileSync(file, lines.join('\n').replace('"status":403', '"status":200').trimEnd());
    const { code, stdout } = await runCli(['audit', 'verify', LOG], { cwd });
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `${LOG}: the chain is broken`,
      `  ${LOG}:3: it was edited: its hash does not fit what it says`,
      expect.stringContaining(`  ${LOG}:4: records 3 to 4 are missing`),
    ]);
    expect(stdout).toContain(`${LOG}:10: the last line is torn`);
    const json = JSON.parse((await runCli(['audit', 'verify', LOG, '--format', 'json'], { cwd })).stdout);
    expect(json).toMatchObject({ version: 1, file: LOG, isWhole: false, noted: null, furtherBreaks: 0 });
    expect(json.breaks.map(({ line }: { line: number }) => line)).toEqual([3, 4, 10]);
  });

  test('an empty log has no head, and proves nothing', async () => {
    const cwd = workplace({ [LOG]: '' });
    const { code, stdout } = await runCli(['audit', 'verify', LOG], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('the log has no records; only --head proves that none was removed');
    expect(stdout).toContain('records  none');
    expect((await runCli(['audit', 'verify', LOG, '--head', '0'.repeat(64)], { cwd })).code).toBe(1);
  });

  test('in its own process', async () => {
    const cwd = workplace();
    await logIn(cwd);
    expect(await runGrantd(['audit', 'verify', LOG], { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(await runGrantd(['audit', 'verify', 'none.jsonl'], { cwd })).toMatchObject({ code: 4, stdout: '' });
  });
});

describe('which log', () => {
  test.each([
    ['--audit-log', ['--audit-log', LOG], {}],
    ['--audit-log with the account of the policy', ['--audit-log', 'audit-{account}.jsonl'], {}],
    ['--state-dir', ['--state-dir', '.'], {}],
    ['GRANTD_AUDIT_LOG', [], { GRANTD_AUDIT_LOG: LOG }],
    ['GRANTD_STATE_DIR', [], { GRANTD_STATE_DIR: '.' }],
  ])('of %s', async (_, flags, env) => {
    const cwd = workplace({ 'policy.yaml': POLICY });
    await logIn(cwd);
    expect(await runCli(['audit', 'verify', ...flags], { cwd, env })).toMatchObject({ code: 0, stderr: '' });
  });

  test('of settings with several accounts, by the policy that is named; FILE needs none', async () => {
    const accounts = 'accounts:\n  - { policy: a.yaml, tokenFile: t }\n  - { policy: b.yaml, tokenFile: t }\n';
    const cwd = workplace({ 'a.yaml': POLICY, 'b.yaml': POLICY, t: 'a-token-for-tests', 'grantd.yaml': accounts });
    await logIn(cwd);
    const verify = ['audit', 'verify', '--settings', 'grantd.yaml', '--state-dir', '.'];
    expect(await runCli(verify, { cwd })).toMatchObject({ code: 4 });
    expect(await runCli([...verify, '--policy', 'a.yaml'], { cwd })).toMatchObject({ code: 0 });
    expect(await runCli([...verify, LOG], { cwd })).toMatchObject({ code: 0 });
  });

  test.each([
    ['none is named', ['show'], 'no audit log is named'],
    ['it does not exist', ['show', 'none.jsonl'], 'none.jsonl does not exist'],
    ['it is a directory', ['verify', '.'], 'is a directory'],
    ['a head that is none', ['verify', LOG, '--head', 'abc'], '--head is not the hash'],
    ['--last that is no number', ['show', LOG, '--last', 'ten'], '--last is not a whole number'],
    ['--last of nothing', ['show', LOG, '--last', '0'], '--last is not a whole number'],
    ['a name that is none', ['show', LOG, '--who', 'foo'], '--who: "foo" is not an e-mail or token:NAME'],
    ['a group', ['show', LOG, '--who', 'group:qa'], '--who: group:qa is a group'],
    ['a flag of the other', ['verify', LOG, '--who', 'ann@example.com'], '--who is for audit show'],
    ['a flag of the other', ['show', LOG, '--head', '0'.repeat(64)], '--head is for audit verify'],
    ['another action', ['prove', LOG], 'prove'],
    ['no action', [], 'ACTION'],
  ])('usage: %s', async (_, words, message) => {
    const cwd = workplace();
    const { code, stdout, stderr } = await runCli(['audit', ...words], { cwd });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('help: ');
  });
});
