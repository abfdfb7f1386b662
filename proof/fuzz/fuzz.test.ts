import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt, ROOT } from '../../test/support/build.ts';
import { largeInputs } from './large-inputs.mjs';
import { grownTexts } from './mutate/grow.mjs';
import { LARGE_BYTES_MOST, mutatorOf } from './mutate/mutate.mjs';
import { openTarget } from './open-target.mjs';
import { Random } from './random.mjs';
import { grownLog } from './targets/audit.mjs';
import { executionsOf, TARGETS } from './targets/targets.mjs';

/** In a process of its own: V8 counts for one at a time, and Vitest may be counting here. */
function fuzz(...args: readonly string[]) {
  ensureBuilt();
  return spawnSync(process.execPath, [join(ROOT, 'proof/fuzz/fuzz.mjs'), ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('a run says what it did', () => {
  const { status, stdout, stderr } = fuzz('--target', 'answer', '--executions', '300', '--seed', '3');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^\| answer \| 300 \| \d+ \| \d+ \| 0 \|$/m);
});

test('wrong usage is told in one line', () => {
  for (const [args, said] of [
    [['--target', 'nope'], 'no target is called nope; --help lists them'],
    [['--minutes', 'soon'], '--minutes must be a number from 0.01, not "soon"'],
    [['--replay', 'x'], '--replay needs one --target, to which the input is given'],
    [['--target', 'state', '--replay', '/no/such/file'], '--replay /no/such/file cannot be read (ENOENT)'],
  ] as const) {
    expect(fuzz(...args)).toMatchObject({ status: 4, stderr: `npm run fuzz: ${said}\n` });
  }
});

test('a stored input can be tried alone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-fuzz-'));
  writeFileSync(join(directory, 'input'), '{"version":1}');
  expect(fuzz('--target', 'state', '--replay', join(directory, 'input'))).toMatchObject({ status: 0 });
  rmSync(directory, { recursive: true });
});

test('a seed repeats every change', () => {
  const changes = (seed: number) => {
    const random = new Random(seed);
    const mutate = mutatorOf({ shape: 'json' });
    return Array.from({ length: 200 }, () =>
      mutate(Buffer.from('{"a":[1,"b"]}'), random, Buffer.from('[2]')).toString(),
    );
  };
  expect(changes(7)).toEqual(changes(7));
  expect(new Set(changes(7)).size).toBeGreaterThan(100);
  expect(changes(8)).not.toEqual(changes(7));
});

test('all executions are shared out, and every target has seeds', () => {
  const names: readonly string[] = TARGETS.map(({ name }) => name);
  const shares = [...executionsOf(names, 1_000_000).values()];
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThanOrEqual(1_000_000);
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(5_000);
  const stored = TARGETS.filter((target) => existsSync(join(ROOT, 'proof/fuzz/seeds', target.name)));
  expect(names.filter((name) => !stored.some((target) => target.name === name))).toEqual(['plan', 'state-file']);
});

test('every target that reads a text has large inputs', () => {
  const isMade = (name: string) => name === 'plan' || name === 'http';
  for (const { name } of TARGETS.filter((target) => !isMade(target.name))) {
    const sizes = largeInputs(name).map(({ length }: Buffer) => length);
    expect(Math.max(...sizes), name).toBeGreaterThan(0.99 * LARGE_BYTES_MOST);
    expect(Math.max(...sizes), name).toBeLessThanOrEqual(LARGE_BYTES_MOST);
  }
});

test('a list is made long with items that differ', () => {
  const [text = '[]'] = grownTexts('[{"id":1,"name":"A","email":"a@example.com","level":100}]');
  const items: { id: number }[] = JSON.parse(text);
  expect(items[1]).toEqual({ id: 100_001, name: '1A', email: '1a@example.com', level: 100 });
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
});

test('a log is made long with records that are chained on', async () => {
  const log = grownLog(readFileSync(join(ROOT, 'proof/fuzz/seeds/audit/whole.jsonl')), 50_000);
  const target = await openTarget('audit', (path) => import(/* @vite-ignore */ `${ROOT}/src/${path}.ts`));
  expect(log.length).toBeGreaterThan(45_000);
  await target.check(Buffer.from(log));
  await target.close?.();
});
