import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStateStore } from '../../../src/adapters/state/file-state-store.ts';
import { createMemoryStateStore } from '../../../src/adapters/state/memory-state-store.ts';
import type { PutReplaces } from '../../../src/core/domain/account/put-memory.ts';
import { workplace } from '../../support/workplace.ts';

const FOUND: PutReplaces = {
  account: 3229,
  api: 'https://mailtrap.io',
  foundAt: Date.parse('2026-11-24T04:00:00Z'),
  runId: 'run-1',
  accesses: [101, 102],
  holders: [
    { access: 101, name: 'ann@example.com', isBack: true },
    { access: 102, name: 'token:ci', isBack: false },
  ],
};
const UNKNOWN: PutReplaces = { account: 3229, api: '', foundAt: null, runId: '', accesses: [] };

function place() {
  const dir = join(workplace(), 'state');
  return { dir, file: join(dir, 'put-replaces-3229.json'), store: () => createFileStateStore({ dir }) };
}

describe('the record of a PUT that replaces rows', () => {
  it('is kept in a file of its own, which another process reads and removes', async () => {
    const { store, file } = place();
    expect(await store().readPutReplaces(3229)).toBe(null);
    await store().savePutReplaces(FOUND);
    expect(await store().readPutReplaces(3229)).toEqual(FOUND);
    expect(await store().readPutReplaces(4711)).toBe(null);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1, foundAt: '2026-11-24T04:00:00Z' });
    expect(await store().clearPutReplaces(3229)).toBe(true);
    expect(await store().clearPutReplaces(3229)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['', 'no JSON', '{}', '{"version":1,"account":3229}', '[]'])(
    'counts even if it is damaged: %s',
    async (text) => {
      const { store, file, dir } = place();
      mkdirSync(dir);
      writeFileSync(file, text);
      expect(await store().readPutReplaces(3229)).toEqual(UNKNOWN);
      expect(await store().clearPutReplaces(3229)).toBe(true);
    },
  );

  it('counts if it is no file, and fails the run if nobody can look at it', async () => {
    const { store, file, dir } = place();
    mkdirSync(file, { recursive: true });
    expect(await store().readPutReplaces(3229)).toEqual(UNKNOWN);
    await expect(store().savePutReplaces(FOUND)).rejects.toMatchObject({ code: 'state-unwritable' });
    await expect(store().clearPutReplaces(3229)).rejects.toMatchObject({ code: 'state-unwritable' });
    if (process.getuid?.() === 0) return;
    chmodSync(dir, 0o000);
    await expect(store().readPutReplaces(3229)).rejects.toMatchObject({ code: 'put-replaces' });
    chmodSync(dir, 0o700);
  });

  it('is nowhere if the directory is a file', async () => {
    const top = workplace({ state: 'a file' });
    const store = createFileStateStore({ dir: join(top, 'state') });
    expect(await store.readPutReplaces(3229)).toBe(null);
    expect(await store.clearPutReplaces(3229)).toBe(false);
  });

  it('lasts as long as the process without a directory', async () => {
    const store = createMemoryStateStore();
    await store.savePutReplaces(FOUND);
    expect(await store.readPutReplaces(3229)).toEqual(FOUND);
    expect([await store.clearPutReplaces(3229), await store.clearPutReplaces(3229)]).toEqual([true, false]);
  });
});
