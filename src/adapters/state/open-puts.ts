import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenCanary } from '../../core/domain/account/put-memory.ts';
import { readCapped } from './account-file.ts';
import { readMemory } from './read-memory.ts';

/** The most files that are looked at. */
const FILES_MOST = 1000;
const NAME = /^account-([1-9]\d{0,15})\.json$/;

/** The open canaries by account. A file that cannot be read is left as it is, for who needs it. */
export async function openPutsIn(dir: string): Promise<ReadonlyMap<number, readonly OpenCanary[]>> {
  const names = await readdir(dir).catch((): string[] => []);
  const accounts = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  const found = new Map<number, readonly OpenCanary[]>();
  for (const account of accounts.sort((a, b) => a - b).slice(0, FILES_MOST)) {
    const text = await readCapped(join(dir, `account-${account}.json`)).catch(() => null);
    const open = text === null ? [] : openIn(text, account);
    if (open.length > 0) found.set(account, open);
  }
  return found;
}

function openIn(text: string, account: number): readonly OpenCanary[] {
  const read = readMemory(text, account);
  return 'memory' in read ? read.memory.puts.open : [];
}
