import { type AccountMemory, emptyMemory } from '../../../src/core/domain/account/account-memory.ts';
import type { PutReplaces } from '../../../src/core/domain/account/put-memory.ts';
import type { StateStore } from '../../../src/core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';

/** Where memory outlives a loop of a test. */
export class MemoryState implements StateStore {
  readonly kept = new Map<number, AccountMemory>();
  readonly replaces = new Map<number, PutReplaces>();
  /** Every save that came to an end, in order. */
  readonly saved: AccountMemory[] = [];
  /** What the next loads say was lost. */
  lost: string | null = null;
  isBroken = false;
  /** What every save waits for. */
  gate: Promise<void> = Promise.resolve();

  async load(account: number) {
    const memory = this.lost === null ? this.kept.get(account) : undefined;
    return { memory: memory ?? emptyMemory(account), lost: this.lost };
  }

  async save(memory: AccountMemory): Promise<void> {
    await this.gate;
    if (this.isBroken) throw new GrantdError('state-unwritable', 'the disk is full', 'make room');
    this.kept.set(memory.account, memory);
    this.saved.push(memory);
  }

  async openPuts() {
    const open = [...this.kept.values()].filter(({ puts }) => puts.open.length > 0);
    return new Map(open.map(({ account, puts }) => [account, puts.open]));
  }

  async readPutReplaces(account: number): Promise<PutReplaces | null> {
    return this.replaces.get(account) ?? null;
  }

  async savePutReplaces(found: PutReplaces): Promise<void> {
    this.replaces.set(found.account, found);
  }

  async clearPutReplaces(account: number): Promise<boolean> {
    return this.replaces.delete(account);
  }
}
