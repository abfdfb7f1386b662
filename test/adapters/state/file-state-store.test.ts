import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileStateStore } from '../../../src/adapters/state/file-state-store.ts';
import { createMemoryStateStore } from '../../../src/adapters/state/memory-state-store.ts';
import { type AccountMemory, emptyMemory, WRITTEN_MOST } from '../../../src/core/domain/account/account-memory.ts';
import { KNOWN_ENDS_MOST } from '../../../src/core/domain/account/known-ends.ts';
import {
  emailHash,
  REMEMBERED_MOST,
  type RememberedAccess,
  rowsHash,
} from '../../../src/core/domain/account/remembered-access.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { compileScript } from '../../support/compile-script.ts';
import { skippedFor } from '../../support/skipped-for.ts';
import { inNamespace, whyNot } from '../policy-file/delivery/support/namespace.ts';

const ACCOUNT = 3229;
const REASON = whyNot('mount');

const FULL: AccountMemory = {
  account: ACCOUNT,
  policy: {
    revision: { sha256: 'a'.repeat(64), commit: 'b'.repeat(40) },
    acceptedAt: Date.parse('2026-11-24T04:00:00.123Z'),
  },
  pausedSince: Date.parse('2026-11-23T04:00:00Z'),
  superseded: [
    { sha256: 'c'.repeat(64), commit: null },
    { sha256: 'd'.repeat(64), commit: 'e'.repeat(40) },
  ],
  provenPairs: [{ access: 5142, tokenId: 2496915 }],
  disprovenPairs: [{ access: 5143, tokenId: 1 }],
  written: [
    {
      access: 5142,
      resource: { type: 'inbox', id: 77 },
      after: 100,
      writtenAt: [3, 4, 5].map((hour) => Date.parse(`2026-11-24T0${hour}:00:00Z`)),
      hasBeenInPlace: true,
      contestedSince: Date.parse('2026-11-24T04:00:00Z'),
      triedAt: Date.parse('2026-11-24T05:00:00Z'),
    },
    {
      access: 5143,
      resource: { type: 'account', id: ACCOUNT },
      after: 0,
      writtenAt: [Date.parse('2026-11-24T05:00:00.5Z')],
      hasBeenInPlace: false,
      contestedSince: null,
      triedAt: Date.parse('2026-11-24T05:00:00Z'),
    },
  ],
  begun: [
    {
      digest: `sha256:${'c'.repeat(64)}`,
      rules: ['revoke-limit', 'admin-limit'],
      access: 5142,
      changes: [
        { resource: { type: 'domain', id: 7001 }, before: 100, after: 0 },
        { resource: { type: 'domain', id: 7002 }, before: 100, after: 0, isDone: true },
      ],
    },
  ],
  spent: [{ digest: `sha256:${'c'.repeat(64)}`, until: Date.parse('2026-12-01T00:00:00Z') }],
  staying: [
    {
      rule: 'gain-limit',
      access: 5143,
      rows: [{ type: 'inbox', id: 77 }],
      limit: { principals: 20, percent: null },
    },
    { rule: 'revoke-limit', access: 5144, rows: [], limit: { principals: 3, percent: 20 } },
  ],
  knownEnds: [
    { principal: 'a'.repeat(16), end: Date.parse('2026-12-01T00:00:00Z'), since: Date.parse('2026-11-20T00:00:00.5Z') },
    { principal: 'b'.repeat(16), end: Date.parse('2026-12-01T00:00:00Z'), since: Date.parse('2026-11-21T00:00:00Z') },
    { principal: 'c'.repeat(16), end: Date.parse('2026-12-01T00:00:00Z'), since: Date.parse('2026-11-21T00:00:00Z') },
    { principal: 'a'.repeat(16), end: Date.parse('2026-12-02T00:00:00Z'), since: Date.parse('2026-11-20T00:00:00Z') },
  ],
  remembered: new Map(
    [
      {
        access: Number.MAX_SAFE_INTEGER,
        emailHash: emailHash('ann@example.com'),
        rowsHash: rowsHash([{ type: 'account', id: ACCOUNT, level: 100 }]),
        wasAccountAdmin: true,
        settledBy: { sha256: 'f'.repeat(64), at: Date.parse('2026-11-24T04:00:00.123Z') },
      },
      {
        access: 1,
        emailHash: emailHash('bob@example.com'),
        rowsHash: rowsHash([]),
        wasAccountAdmin: false,
        settledBy: { sha256: 'f'.repeat(64), at: Date.parse('2026-11-25T04:00:00Z') },
      },
      { access: 5142, emailHash: null, rowsHash: rowsHash([]), wasAccountAdmin: false },
      {
        access: 5143,
        emailHash: emailHash('new@example.com'),
        rowsHash: rowsHash([]),
        wasAccountAdmin: false,
        isNewcomer: true as const,
      },
    ].map((one) => [one.access, one]),
  ),
  remembersAll: true,
  puts: {
    proofs: [{ api: 'https://mailtrap.io', kind: 'user', seenAt: Date.parse('2026-11-24T04:00:00Z') }],
    open: [
      {
        api: 'https://mailtrap.io',
        runId: 'run-1',
        planDigest: `sha256:${'d'.repeat(64)}`,
        access: 5142,
        kind: 'token',
        tokenId: 2496915,
        sentAt: Date.parse('2026-11-24T04:00:00Z'),
        isAnswered: true,
        written: [{ type: 'domain', id: 7001, level: 10 }],
        unnamed: [
          { type: 'project', id: 4001, level: 10 },
          { type: 'inbox', id: 3803, level: 100 },
        ],
      },
    ],
  },
};

let top = '';
let dir = '';
let file = '';

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'grantd-state-'));
  dir = join(top, 'state');
  file = join(dir, `account-${ACCOUNT}.json`);
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

/** So many accesses in the memory. */
function accesses(count: number): ReadonlyMap<number, RememberedAccess> {
  const [one] = FULL.remembered.values();
  if (one === undefined) throw new Error('unreachable');
  return new Map(Array.from({ length: count }, (_, index) => [index + 1, { ...one, access: index + 1 }]));
}

/** What a process that restarts remembers. */
function loadAnew(account = ACCOUNT) {
  return createFileStateStore({ dir }).load(account);
}

async function saved(memory: AccountMemory = FULL): Promise<string> {
  await createFileStateStore({ dir }).save(memory);
  return readFileSync(file, 'utf8');
}

async function failureOf(work: Promise<unknown>): Promise<GrantdError> {
  const failure: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (failure instanceof GrantdError && failure.code === 'state-unwritable') return failure;
  throw new Error(`no state-unwritable: ${failure}`);
}

describe('what was saved', () => {
  test.each([
    ['everything', FULL],
    ['nothing', emptyMemory(ACCOUNT)],
    ['no commit', { ...FULL, policy: { revision: { sha256: 'c'.repeat(64), commit: null }, acceptedAt: 0 } }],
  ])('is loaded again: %s', async (_, memory) => {
    await saved(memory);
    expect(await loadAnew()).toEqual({ memory, lost: null });
  });

  test('is as the published schema says', async () => {
    const schema = JSON.parse(readFileSync(new URL('../../../schemas/state.v1.schema.json', import.meta.url), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
    for (const memory of [FULL, emptyMemory(ACCOUNT)]) {
      validate(JSON.parse(await saved(memory)));
      expect(validate.errors).toBe(null);
    }
    expect(validate({ version: 1, account: ACCOUNT })).toBe(false);
  });

  test('belongs to its owner alone, as does a directory that had to be made', async () => {
    await saved();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir)).toEqual([`account-${ACCOUNT}.json`]);
  });

  test('at the first start there is nothing, and nothing is lost', async () => {
    expect(await loadAnew()).toEqual({ memory: emptyMemory(ACCOUNT), lost: null });
    expect(existsSync(dir)).toBe(false);
  });

  test('equal memories are not written again, unless the file is gone', async () => {
    const store = createFileStateStore({ dir });
    await store.save(FULL);
    const { ino } = statSync(file);
    await store.save({ ...FULL });
    expect(statSync(file).ino).toBe(ino);
    const next = createFileStateStore({ dir });
    await next.load(ACCOUNT);
    await next.save(FULL);
    expect(statSync(file).ino).toBe(ino);
    rmSync(file);
    await next.save(FULL);
    expect(await loadAnew()).toEqual({ memory: FULL, lost: null });
  });

  test('saves at the same time stand one after the other, and the last one stays; accounts do not mix', async () => {
    const store = createFileStateStore({ dir });
    const memories = Array.from({ length: 40 }, (_, index) => ({
      ...emptyMemory(index % 2 ? 1 : 2),
      provenPairs: [{ access: index, tokenId: index }],
    }));
    await Promise.all(memories.map((memory) => store.save(memory)));
    expect((await loadAnew(1)).memory).toEqual(memories[39]);
    expect((await loadAnew(2)).memory).toEqual(memories[38]);
    expect(readdirSync(dir).sort()).toEqual(['account-1.json', 'account-2.json']);
  });

  test('a state of 0.1.0 remembers no access', async () => {
    const { remembered: _, ...older } = JSON.parse(await saved());
    writeFileSync(file, JSON.stringify(older));
    const { memory, lost } = await loadAnew();
    expect(lost).toBe(null);
    expect(memory).toEqual({ ...FULL, remembered: new Map(), remembersAll: false });
  });

  test('open canaries are found by account, and nothing is moved or made', async () => {
    expect(await createFileStateStore({ dir: join(dir, 'none') }).openPuts()).toEqual(new Map());
    await saved();
    await createFileStateStore({ dir }).save({ ...FULL, account: 4711, puts: { proofs: [], open: [] } });
    writeFileSync(join(dir, 'account-17.json'), 'torn');
    mkdirSync(join(dir, 'account-18.json'));
    expect(await createFileStateStore({ dir }).openPuts()).toEqual(new Map([[ACCOUNT, FULL.puts.open]]));
    expect(readdirSync(dir).filter((name) => name.endsWith('.lost'))).toEqual([]);
  });

  test('24 bytes are kept of each access', async () => {
    const { remembered } = JSON.parse(await saved());
    expect(Buffer.from(remembered.accesses, 'base64')).toHaveLength(4 * 24);
    expect(remembered.settledBy).toHaveLength(2);
  });

  test('as many changes and accesses as may be remembered fit', async () => {
    const [change] = FULL.written;
    if (change === undefined) throw new Error('unreachable');
    const written = Array.from({ length: WRITTEN_MOST }, (_, index) => ({
      ...change,
      access: Number.MAX_SAFE_INTEGER - index,
      resource: { type: 'campaigns', id: Number.MAX_SAFE_INTEGER } as const,
      writtenAt: [1, 2, 3],
      contestedSince: 4,
      triedAt: 5,
    }));
    const remembered = accesses(REMEMBERED_MOST);
    await saved({ ...FULL, written, remembered });
    const { memory } = await loadAnew();
    expect(memory.written).toEqual(written);
    expect(memory.remembered).toEqual(remembered);
  });
});

describe('what is lost', () => {
  test('torn at every byte: nothing is remembered, and the rest is kept aside', async () => {
    const text = await saved();
    // The line end after the last bracket is no part of what is said.
    for (let size = 0; size < text.length - 1; size += 1) {
      writeFileSync(file, text.slice(0, size));
      const { memory, lost } = await loadAnew();
      expect({ size, memory }).toEqual({ size, memory: emptyMemory(ACCOUNT) });
      expect(lost).toContain(`account-${ACCOUNT}.json is lost: it is not JSON`);
      expect(readFileSync(`${file}.lost`, 'utf8')).toBe(text.slice(0, size));
      expect(existsSync(file)).toBe(false);
    }
    // As many reads as the file has bytes.
  }, 240_000);

  const edits: readonly (readonly [name: string, edit: (text: string) => string | Buffer, words: string])[] = [
    ['another version', (text) => text.replace('"version":1', '"version":2'), 'version is not 1'],
    ['no version', (text) => text.replace('"version":1,', ''), 'lacks version'],
    ['another account', (text) => text.replace('"account":3229,', '"account":3230,'), 'it is for account 3230'],
    ['an unknown key', (text) => text.replace('"account"', '"extra":1,"account"'), 'unknown key'],
    ['a key that every object has', (text) => text.replace('"account"', '"__proto__":[],"account"'), 'unknown key'],
    ['a missing key', (text) => text.replace(/"provenPairs":\[[^\]]*\],/, ''), 'lacks provenPairs'],
    ['a number as text', (text) => text.replace('"after":100', '"after":"100"'), 'written[0].after'],
    ['a number as a moment', (text) => text.replace('"writtenAt":[', '"writtenAt":[3,'), 'written[0].writtenAt[0]'],
    [
      'more writes than count',
      (text) => text.replace('"writtenAt":[', '"writtenAt":["2026-11-24T02:00:00Z",'),
      'written[0].writtenAt: has over 3 items',
    ],
    ['two lists of changes', (text) => text.replace('"written"', '"repeated":[],"written"'), 'unknown key'],
    ['no list of changes', (text) => text.replace(/"written":\[[^;]*\],\n"begun"/, '"begun"'), 'lacks written'],
    ...[-3, '"3"'].map(
      (runs) =>
        [
          `runs of 0.1.0 that are ${runs}`,
          (text: string) =>
            text.replace('"written"', '"repeated"').replace(/"writtenAt":\[[^\]]*\]/g, `"runs":${runs}`),
          'repeated[0].runs',
        ] as const,
    ),
    ['a fraction', (text) => text.replace('"access":5142', '"access":5142.5'), 'provenPairs[0].access'],
    ['an unknown type', (text) => text.replace('"inbox"', '"inbux"'), 'no type of resource'],
    ['no moment', (text) => text.replace('2026-11-24T05:00:00Z', 'yesterday'), 'must be a moment'],
    ['another spelling of a moment', (text) => text.replace('T05:00:00Z', 'T05:00:00+00:00'), 'must be a moment'],
    ['no hash', (text) => text.replace('aaaa', 'AAAA'), 'policy.sha256'],
    ['no commit', (text) => text.replace('bbbb', 'bb'), 'policy.commit'],
    ['a list in its place', () => '[]', 'must be an object'],
    ['null', () => 'null', 'must be an object'],
    ['bytes that are no UTF-8', (text) => Buffer.from(`${text}\u00ff`, 'latin1'), 'UTF-8'],
    ['a byte order mark', (text) => `\ufeff${text}`, 'not JSON'],
    ['a key that is none of its own', (text) => text.replace('"policy"', '"__proto__"'), 'lacks policy'],
  ];

  test.each(edits)('%s', async (_, edit, words) => {
    const before = await saved();
    const edited = edit(before);
    expect(edited.toString()).not.toBe(before);
    writeFileSync(file, edited);
    const { memory, lost } = await loadAnew();
    expect(memory).toEqual(emptyMemory(ACCOUNT));
    expect(lost).toContain(words);
    expect(lost).toContain(`kept as ${file}.lost`);
    expect(readFileSync(`${file}.lost`).equals(Buffer.from(edited))).toBe(true);
    await saved();
    expect(await loadAnew()).toEqual({ memory: FULL, lost: null });
  });

  test('more changes than may be remembered', async () => {
    const [change] = FULL.written;
    const written = Array.from({ length: WRITTEN_MOST + 1 }, () => change);
    await saved({ ...FULL, written: written.flatMap((one) => (one === undefined ? [] : [one])) });
    expect((await loadAnew()).lost).toContain(`written: has over ${WRITTEN_MOST} items`);
  });

  test('more known ends than may be remembered', async () => {
    const known = Array.from({ length: KNOWN_ENDS_MOST + 1 }, () => ({ principal: 'a'.repeat(16), end: 2, since: 1 }));
    await saved({ ...FULL, knownEnds: known });
    expect((await loadAnew()).lost).toContain(`knownEnds: has over ${KNOWN_ENDS_MOST} principals`);
  });

  test('a known end of somebody who is no hash', async () => {
    writeFileSync(file, (await saved()).replace('"aaaaaaaaaaaaaaaa"', '"ann@example.com"'));
    expect((await loadAnew()).lost).toContain('knownEnds[0].principals[0]: is no hash');
  });

  test('more accesses than may be remembered', async () => {
    await saved({ ...FULL, remembered: accesses(REMEMBERED_MOST + 1) });
    expect((await loadAnew()).lost).toContain(`remembered.accesses: has over ${REMEMBERED_MOST} accesses`);
  });

  test('more moments than may be remembered', async () => {
    const remembered = new Map(
      [...accesses(17)].map(([access, one]) => [access, { ...one, settledBy: { sha256: 'a'.repeat(64), at: access } }]),
    );
    await saved({ ...FULL, remembered });
    expect((await loadAnew()).lost).toContain('remembered.settledBy: has over 16 items');
  });

  test.each([
    ['an access that is cut off', (text: string) => text.slice(4)],
    ['a text that is no base64', (text: string) => `${text.slice(0, -1)}!`],
    ['an access twice', (text: string) => text + text],
    ['a moment that is not there', (text: string) => `ww${text.slice(2)}`],
  ])('%s among the accesses', async (_, edit) => {
    const state = JSON.parse(await saved());
    state.remembered.accesses = edit(state.remembered.accesses);
    writeFileSync(file, JSON.stringify(state));
    expect((await loadAnew()).lost).toContain('remembered.accesses: is cut off or edited');
  });

  test('a file that is too large is not read', async () => {
    await saved();
    truncateSync(file, 2 ** 33);
    expect((await loadAnew()).lost).toContain('4194304 bytes');
    expect(statSync(`${file}.lost`).size).toBe(2 ** 33);
  });

  test('a directory, a device or a pipe in its place is not waited for', async () => {
    mkdirSync(file, { recursive: true });
    expect((await loadAnew()).lost).toContain('it is not a file');
    rmSync(`${file}.lost`, { recursive: true });
    symlinkSync('/dev/zero', file);
    expect((await loadAnew()).lost).toContain('it is not a file');
    spawnSync('mkfifo', [file]);
    expect((await loadAnew()).lost).toContain('it is not a file');
  });

  test('what cannot be put aside is not overwritten either', async () => {
    await saved();
    writeFileSync(file, 'mine');
    mkdirSync(`${file}.lost`);
    const store = createFileStateStore({ dir });
    expect((await store.load(ACCOUNT)).lost).toContain('it stays where it is');
    expect((await failureOf(store.save(FULL))).remedy).not.toBe('');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    rmSync(`${file}.lost`, { recursive: true });
    await store.save(FULL);
    expect(readFileSync(`${file}.lost`, 'utf8')).toBe('mine');
    expect((await loadAnew()).memory).toEqual(FULL);
  });

  test('what killed writers left behind is taken away, and nothing else', async () => {
    await saved();
    const names = [
      `.account-${ACCOUNT}.json.0a1b.tmp`,
      '.account-1.json.0a1b.tmp',
      `account-${ACCOUNT}.json.lost`,
      'mine.tmp',
    ];
    for (const name of names) writeFileSync(join(dir, name), 'half');
    // Whenever it was left behind.
    utimesSync(join(dir, names[0] ?? ''), 1, 1);
    await loadAnew();
    expect(readdirSync(dir).sort()).toEqual([...names.slice(1), `account-${ACCOUNT}.json`].sort());
  });
});

describe('what cannot be saved', () => {
  test('below a file', async () => {
    writeFileSync(dir, '');
    const failure = await failureOf(createFileStateStore({ dir }).save(FULL));
    expect(failure.message).toContain('its directory is a file');
    expect(failure.remedy).toContain('stateDir');
    const deeper = createFileStateStore({ dir: join(dir, 'deeper') });
    expect((await failureOf(deeper.save(FULL))).message).toContain('a part of its path is a file');
    expect((await deeper.load(ACCOUNT)).lost).toContain('ENOTDIR');
  });

  test('where the file system is read-only', async () => {
    const failure = await failureOf(createFileStateStore({ dir: '/proc/grantd' }).save(FULL));
    expect(failure.message).toMatch(/cannot be saved: (the file system is read-only|its directory is gone|this user)/);
  });

  test('where the disk is full: what was saved before stays', skippedFor(REASON), () => {
    mkdirSync(dir);
    const script = compileScript('test/adapters/state/support/save');
    try {
      const mount = `mount -t tmpfs -o size=12k none ${dir}`;
      const inside = ['sh', '-c', '"$@"; cat "$0"/account-*', dir, process.execPath, script.path, dir];
      const [command, ...args] = inNamespace('mount', mount, inside);
      const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
      expect(stderr).toContain('cannot be saved: the disk is full');
      expect(stdout).toMatch(/^0\n\{"version":1,/);
      expect(JSON.parse(stdout.slice(2)).provenPairs[0]).toEqual({ access: 0, tokenId: 0 });
    } finally {
      script.remove();
    }
  });

  test('more than may be read again', async () => {
    const provenPairs = Array.from({ length: 200_000 }, (_, index) => ({ access: index, tokenId: index }));
    await saved();
    const failure = await failureOf(createFileStateStore({ dir }).save({ ...FULL, provenPairs }));
    expect(failure.message).toContain('more than 4194304 bytes');
    expect(await loadAnew()).toEqual({ memory: FULL, lost: null });
  });

  test('a save that failed is tried again', async () => {
    const store = createFileStateStore({ dir });
    writeFileSync(dir, '');
    await failureOf(store.save(FULL));
    rmSync(dir);
    await store.save(FULL);
    expect((await loadAnew()).memory).toEqual(FULL);
  });
});

test('without a directory it is remembered as long as the process lasts', async () => {
  const store = createMemoryStateStore();
  expect(await store.load(ACCOUNT)).toEqual({ memory: emptyMemory(ACCOUNT), lost: null });
  await store.save(FULL);
  expect(await store.load(ACCOUNT)).toEqual({ memory: FULL, lost: null });
  expect((await store.load(1)).memory).toEqual(emptyMemory(1));
});
