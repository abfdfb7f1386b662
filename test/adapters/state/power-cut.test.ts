import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStateStore } from '../../../src/adapters/state/file-state-store.ts';
import { type AccountMemory, emptyMemory } from '../../../src/core/domain/account/account-memory.ts';
import type { PutReplaces } from '../../../src/core/domain/account/put-memory.ts';
import { type AfterCut, afterAnyPowerCut, afterLastPowerCut, recordDisk, told } from '../../support/recorded-disk.ts';
import { workplace } from '../../support/workplace.ts';

const ACCOUNT = 3229;
const FOUND: PutReplaces = {
  account: ACCOUNT,
  api: 'https://mailtrap.io',
  foundAt: Date.parse('2026-11-24T04:00:00Z'),
  runId: 'run-1',
  accesses: [101, 102],
};

function memoryAt(hour: number): AccountMemory {
  return { ...emptyMemory(ACCOUNT), pausedSince: Date.UTC(2026, 10, 24, hour) };
}

/** Puts what a power cut left into a new directory, and reads it as the next start does. */
async function nextStart(left: AfterCut, dir: string) {
  const again = workplace();
  for (const [path, bytes] of left) {
    const copy = path.replace(dir, again);
    mkdirSync(join(copy, '..'), { recursive: true });
    writeFileSync(copy, bytes);
  }
  const store = createFileStateStore({ dir: again });
  const { memory, lost } = await store.load(ACCOUNT);
  return { pausedSince: memory.pausedSince, lost, replaces: await store.readPutReplaces(ACCOUNT) };
}

describe('the state of an account after a power cut', () => {
  it('is the old one or the new one at any moment of a save, and the new one once it was saved', async () => {
    const dir = workplace();
    const store = createFileStateStore({ dir });
    await store.load(ACCOUNT);
    await store.save(memoryAt(4));
    const recorded = await recordDisk(dir, () => store.save(memoryAt(5)));
    const found = await Promise.all(afterAnyPowerCut(recorded).map((left) => nextStart(left, dir)));
    const hours = found.map(({ pausedSince, lost }) =>
      lost === null ? new Date(pausedSince ?? 0).getUTCHours() : lost,
    );
    expect(hours.filter((hour) => hour !== 4 && hour !== 5)).toEqual([]);
    const last = await Promise.all(afterLastPowerCut(recorded).map((left) => nextStart(left, dir)));
    expect(last).toMatchObject([memoryAt(5), memoryAt(5)].map(({ pausedSince }) => ({ pausedSince, lost: null })));
  });

  it('is there after the very first save, in directories that were made for it', async () => {
    const root = workplace();
    const dir = join(root, 'var', 'grantd');
    const recorded = await recordDisk(root, () => createFileStateStore({ dir }).save(memoryAt(4)));
    for (const left of afterLastPowerCut(recorded)) {
      expect(await nextStart(left, dir)).toMatchObject({ pausedSince: memoryAt(4).pausedSince, lost: null });
    }
  });

  it('is on the disk before its name is, and its name before anybody hears of it', async () => {
    const dir = workplace();
    const recorded = await recordDisk(dir, () => createFileStateStore({ dir }).save(memoryAt(4)));
    const temporary = '.account-3229.json.*.tmp';
    expect(told(recorded, dir)).toEqual([
      `create ${temporary}`,
      `write ${temporary}`,
      `sync ${temporary}`,
      `rename ${temporary} account-3229.json`,
      'sync .',
    ]);
  });

  it('stays put aside if it could not be read: the file that replaces it does not bring it back', async () => {
    const dir = workplace({ 'account-3229.json': 'not a state' });
    const recorded = await recordDisk(dir, () => createFileStateStore({ dir }).load(ACCOUNT));
    expect(told(recorded, dir)).toEqual(['rename account-3229.json account-3229.json.lost', 'sync .']);
  });
});

describe('the record of a PUT that replaces rows, after a power cut', () => {
  it('is there once it was saved, and gone once it was removed', async () => {
    const dir = workplace();
    const store = createFileStateStore({ dir });
    const saved = await recordDisk(dir, () => store.savePutReplaces(FOUND));
    for (const left of afterLastPowerCut(saved)) expect((await nextStart(left, dir)).replaces).toEqual(FOUND);
    const cleared = await recordDisk(dir, () => store.clearPutReplaces(ACCOUNT));
    for (const left of afterLastPowerCut(cleared)) expect((await nextStart(left, dir)).replaces).toBe(null);
  });
});
