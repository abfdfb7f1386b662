import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type PathWatch, type WatchOptions, watchPath } from '../../../src/adapters/policy-file/watch-path.ts';
import { link, temporary, until, write } from './temporary.ts';

const watches: PathWatch[] = [];

afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.close()));
});

/** A watch that is up, and whose first hint is over: whatever was to be told of the start. */
async function watching(path: string, options: WatchOptions = { mode: 'auto' }) {
  let hints = 0;
  const modes: string[] = [];
  const watch = watchPath(
    path,
    {
      onHint: () => {
        hints += 1;
      },
      onMode: (mode, reason) => modes.push(`${mode} ${reason}`),
    },
    options,
  );
  watches.push(watch);
  await until(() => modes.length > 0 && hints > 0);
  return {
    watch,
    modes,
    hints: () => hints,
    /** Resolves once a hint came after what is done here. */
    hintAfter: async (act: () => void) => {
      await quiet(() => hints);
      const before = hints;
      act();
      await until(() => hints > before);
    },
  };
}

/** Waits until a number has stayed the same for a while. */
async function quiet(number: () => number): Promise<void> {
  for (let last = -1; last !== number(); ) {
    last = number();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const POLLING: WatchOptions = { mode: 'polling', lookIntervalMs: 20 };

test.each([
  ['events', { mode: 'auto' } as const],
  ['polling', POLLING],
])('by %s: hints at a save, at a swap, at a file that goes and comes', async (_, options) => {
  const directory = temporary();
  write(join(directory, 'one/policy.yaml'), 'a');
  write(join(directory, 'two/policy.yaml'), 'b');
  link(join(directory, 'current'), 'one');
  const { hintAfter } = await watching(join(directory, 'current/policy.yaml'), options);
  await hintAfter(() => writeFileSync(join(directory, 'one/policy.yaml'), 'b'));
  await hintAfter(() => link(join(directory, 'current'), 'two'));
  await hintAfter(() => writeFileSync(join(directory, 'two/policy.yaml'), 'c'));
  await hintAfter(() => rmSync(join(directory, 'two'), { recursive: true }));
  await hintAfter(() => write(join(directory, 'two/policy.yaml'), 'd'));
  await hintAfter(() => writeFileSync(join(directory, 'two/policy.yaml'), 'e'));
});

test('what happens to other files is no hint', async () => {
  const directory = temporary();
  const path = join(directory, 'policy.yaml');
  write(path, 'a');
  const { hints, hintAfter } = await watching(path);
  await quiet(hints);
  const before = hints();
  write(join(directory, 'other.yaml'), 'b');
  write(join(directory, 'other/deep.yaml'), 'b');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(hints()).toBe(before);
  await hintAfter(() => writeFileSync(path, 'b'));
});

test('two watches of one process both follow a directory that is removed and made again at once', async () => {
  const directory = temporary();
  const root = join(directory, 'root');
  write(join(root, 'one.yaml'), 'a');
  write(join(root, 'two.yaml'), 'a');
  const one = await watching(join(root, 'one.yaml'));
  const two = await watching(join(root, 'two.yaml'));
  for (const text of ['b', 'c', 'd']) {
    await Promise.all([quiet(one.hints), quiet(two.hints)]);
    rmSync(root, { recursive: true });
    mkdirSync(root);
    await one.hintAfter(() => writeFileSync(join(root, 'one.yaml'), text));
    await two.hintAfter(() => writeFileSync(join(root, 'two.yaml'), text));
  }
});

test('a directory further up that is renamed away gives no event: the next look mends the watch', async () => {
  const directory = temporary();
  const path = join(directory, 'a/b/policy.yaml');
  write(path, 'a');
  const { hints, hintAfter, watch } = await watching(path);
  await quiet(hints);
  renameSync(join(directory, 'a'), join(directory, 'old'));
  write(path, 'b');
  await hintAfter(() => watch.refresh());
  await hintAfter(() => writeFileSync(path, 'c'));
});

test('says how it watches once, and why it polls', async () => {
  const path = join(temporary(), 'policy.yaml');
  const { modes, hintAfter } = await watching(path);
  await hintAfter(() => writeFileSync(path, 'a'));
  expect(modes).toEqual(['inotify null']);
  expect((await watching(path, POLLING)).modes).toEqual(['polling the settings say so']);
});

test('goes back to events once they are to be had', async () => {
  const path = join(temporary(), 'policy.yaml');
  // As whoever starts a process may say it. The watch reads it at each start.
  process.env['CHOKIDAR_USEPOLLING'] = '1';
  const { modes, hintAfter } = await watching(path, { mode: 'auto', lookIntervalMs: 20, retryEventsMs: 100 });
  await hintAfter(() => writeFileSync(path, 'a'));
  expect(modes).toEqual(['polling CHOKIDAR_USEPOLLING is set']);
  delete process.env['CHOKIDAR_USEPOLLING'];
  await until(() => modes.length > 1);
  expect(modes[1]).toBe('inotify null');
  await hintAfter(() => writeFileSync(path, 'b'));
});

test('may be closed at once, while it starts, and twice', async () => {
  const path = join(temporary(), 'policy.yaml');
  for (const delay of [null, 0, 5]) {
    const told: string[] = [];
    const watch = watchPath(
      path,
      { onHint: () => told.push('hint'), onMode: (mode) => told.push(mode) },
      { mode: 'auto' },
    );
    if (delay !== null) await new Promise((resolve) => setTimeout(resolve, delay));
    await watch.close();
    await watch.close();
    const before = told.length;
    writeFileSync(path, `${delay}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(told).toHaveLength(before);
  }
});
