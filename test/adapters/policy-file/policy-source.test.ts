import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readlinkSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPolicySource, type PolicySourceOptions } from '../../../src/adapters/policy-file/policy-source.ts';
import type { ResolvedPolicy } from '../../../src/core/domain/policy/entitlement.ts';
import { link, temporary, until, write } from './temporary.ts';

const COMMIT = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';

/** What a check makes of a text: the source hands it on and looks at nothing in it. */
const RESOLVED = { entitlements: [] } as unknown as ResolvedPolicy;

interface SceneOptions extends Partial<PolicySourceOptions> {
  /** Is called in each wait between two looks. */
  readonly onSleep?: (count: number) => void;
}

function scene(path: string, { onSleep, ...changes }: SceneOptions = {}) {
  const checked: string[] = [];
  let sleeps = 0;
  const source = createPolicySource({
    path,
    shownPath: 'policy.yaml',
    clock: {
      now: () => 0,
      sleep: async (_, signal) => {
        signal.throwIfAborted();
        sleeps += 1;
        onSleep?.(sleeps);
      },
    },
    check: ({ file, text }) => {
      checked.push(`${file}: ${text}`);
      return text.startsWith('ok') ? { ok: true, value: RESOLVED, problems: [] } : { ok: false, problems: [] };
    },
    ...changes,
  });
  const read = (signal = new AbortController().signal) => source.read(signal);
  return { source, checked, read, sleeps: () => sleeps };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('a valid text, with its revision and when the file was last modified', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'ok 1');
  utimesSync(path, 1_700_000_000, 1_700_000_000.5);
  expect(await scene(path).read()).toEqual({
    kind: 'valid',
    revision: { sha256: sha256('ok 1'), commit: null },
    resolved: RESOLVED,
    problems: [],
    modifiedAt: 1_700_000_000_500,
  });
});

test('a text is read twice and checked once; the same text again is read once', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'ok 1');
  const { read, checked, sleeps } = scene(path);
  for (const _ of [1, 2, 3]) await read();
  expect([checked, sleeps()]).toEqual([['policy.yaml: ok 1'], 1]);
  write(path, 'ok 2');
  await read();
  write(path, 'ok 1');
  await read();
  expect([checked, sleeps()]).toEqual([['policy.yaml: ok 1', 'policy.yaml: ok 2'], 3]);
});

test('a text that is being written is read once it is whole', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'o');
  const onSleep = (count: number) => writeFileSync(path, ['', 'ok', 'ok whole'][count - 1] ?? 'ok whole');
  const { read, checked } = scene(path, { onSleep });
  expect(await read()).toMatchObject({ kind: 'valid', revision: { sha256: sha256('ok whole') } });
  expect(checked).toEqual(['policy.yaml: ok whole']);
});

test('a text that never stays is unreadable, and nothing of it was checked', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'ok');
  const { read, checked } = scene(path, { onSleep: (count) => writeFileSync(path, `ok ${count}`) });
  const reading = await read();
  expect(reading).toMatchObject({ kind: 'unreadable', error: { code: 'policy-unreadable' } });
  expect(reading).toHaveProperty('error.message', 'the policy file policy.yaml keeps changing');
  expect(checked).toEqual([]);
});

test('what is missing for a moment is not missing', async () => {
  const path = join(temporary(), 'policy.yaml');
  const { read } = scene(path, { onSleep: () => writeFileSync(path, 'ok back') });
  expect(await read()).toMatchObject({ kind: 'valid', revision: { sha256: sha256('ok back') } });
});

test('missing, too large, a directory, a pipe: unreadable, each with its reason', async () => {
  const directory = temporary();
  const large = join(directory, 'large');
  write(large, 'x'.repeat(1_048_577));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const [path, words] of [
    [join(directory, 'gone'), 'does not exist'],
    [large, 'has more than 1048576 bytes'],
    [directory, 'is a directory'],
    [pipe, 'is a pipe or a device'],
  ] as const) {
    const reading = await scene(path).read();
    expect(reading).toMatchObject({ kind: 'unreadable', error: { code: 'policy-unreadable' } });
    expect(reading).toHaveProperty('error.message', expect.stringContaining(words));
  }
  write(large, 'ok'.repeat(524_288));
  expect(await scene(large).read()).toMatchObject({ kind: 'valid' });
});

test('an invalid text says whether it is paused all the same; an empty one is invalid too', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'version: [\npaused: true\n');
  const { read } = scene(path);
  expect(await read()).toMatchObject({ kind: 'invalid', saysPaused: true });
  write(path, '');
  expect(await read()).toMatchObject({ kind: 'invalid', saysPaused: false, revision: { sha256: sha256('') } });
});

test('the commit is that of the link, and the same text at another commit is another revision', async () => {
  const directory = temporary();
  const other = COMMIT.replace('a', 'b');
  for (const commit of [COMMIT, other]) write(join(directory, '.worktrees', commit, 'policy.yaml'), 'ok');
  link(join(directory, 'current'), `.worktrees/${COMMIT}`);
  const { read, checked } = scene(join(directory, 'current/policy.yaml'));
  expect(await read()).toHaveProperty('revision', { sha256: sha256('ok'), commit: COMMIT });
  link(join(directory, 'current'), `.worktrees/${other}`);
  expect(await read()).toHaveProperty('revision', { sha256: sha256('ok'), commit: other });
  expect(checked).toHaveLength(1);
});

test('commit and text belong together, however often the link is swapped while they are read', async () => {
  const directory = temporary();
  const commits = Array.from({ length: 16 }, (_, index) => COMMIT.replace('a1', `${index.toString(16)}f`));
  for (const commit of commits) write(join(directory, '.worktrees', commit, 'policy.yaml'), `ok ${commit}`);
  link(join(directory, 'current'), `.worktrees/${commits[0]}`);
  const path = join(directory, 'current/policy.yaml');
  let isOver = false;
  const swapping = (async () => {
    for (let count = 0; !isOver; count += 1) {
      link(join(directory, 'current'), `.worktrees/${commits[count % 16]}`);
      await new Promise((resolve) => setTimeout(resolve, count % 3));
    }
  })();
  const { source, checked } = scene(path, { clock: { now: () => 0, sleep: async () => {} } });
  let valid = 0;
  for (let count = 0; count < 300; count += 1) {
    const reading = await source.read(new AbortController().signal);
    if (reading.kind !== 'valid') continue;
    valid += 1;
    expect(reading.revision.sha256).toBe(sha256(`ok ${reading.revision.commit}`));
  }
  isOver = true;
  await swapping;
  expect(valid).toBeGreaterThan(0);
  expect(checked.length).toBeGreaterThan(1);
});

test('a check that throws, or a reading that is called off, is a reading too', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'ok');
  const faulty = scene(path, {
    check: () => {
      throw new Error('out of luck');
    },
  });
  expect(await faulty.read()).toMatchObject({ kind: 'unreadable', error: { code: 'fault' } });
  expect(await scene(path).read(AbortSignal.abort())).toMatchObject({
    kind: 'unreadable',
    error: { code: 'stopped' },
  });
});

test('a relative path counts from the working directory, and a dash is a file like any other', async () => {
  expect(
    await scene('package.json', { check: () => ({ ok: true, value: RESOLVED, problems: [] }) }).read(),
  ).toHaveProperty('kind', 'valid');
  expect(await scene('-').read()).toHaveProperty('error.message', 'the policy file policy.yaml does not exist');
});

test('nothing keeps the file of this test from changing', async () => {
  const path = join(temporary(), 'policy.yaml');
  write(path, 'ok');
  expect(await scene(path).source.neverChanges()).toBeNull();
});

test('reading mends a watch that went deaf without a word', async () => {
  const directory = temporary();
  const path = join(directory, 'a/b/policy.yaml');
  write(path, 'ok 1');
  const { source, read } = scene(path);
  let hints = 0;
  const watch = source.watch({
    onHint: () => {
      hints += 1;
    },
    onMode: () => {},
  });
  await until(() => hints > 0);
  // No event tells of a directory further up that is renamed.
  renameSync(join(directory, 'a'), join(directory, 'old'));
  write(path, 'ok 2');
  await read();
  await until(() => hints > 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = hints;
  write(path, 'ok 3');
  await until(() => hints > before);
  await watch.close();
});

test('closing a watch leaves no handle, and no hint comes any more', async () => {
  const directory = temporary();
  const path = join(directory, 'policy.yaml');
  write(path, 'ok 1');
  const { source, read } = scene(path);
  const before = inotifyWatches();
  let hints = 0;
  let mode = '';
  const watch = source.watch({
    onHint: () => {
      hints += 1;
    },
    onMode: (told) => {
      mode = told;
    },
  });
  await until(() => mode !== '');
  expect(mode).toBe('inotify');
  expect(inotifyWatches()).toBeGreaterThan(before);
  await watch.close();
  expect(inotifyWatches()).toBe(before);
  const last = hints;
  write(path, 'ok 2');
  rmSync(path);
  await read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(hints).toBe(last);
});

/** How many watches this process has, as the kernel counts them. */
function inotifyWatches(): number {
  if (process.platform !== 'linux') return 0;
  const inotify = readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`).includes('inotify'));
  const infos = inotify.map((fd) => execFileSync('cat', [`/proc/${process.pid}/fdinfo/${fd}`], { encoding: 'utf8' }));
  return infos.join('').split('inotify wd:').length - 1;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
