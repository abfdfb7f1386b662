import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '../../../src/adapters/audit/open-audit-log.ts';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import { createFileStateStore } from '../../../src/adapters/state/file-state-store.ts';
import type { AuditProof } from '../../../src/core/domain/answer/audit-proof.ts';
import { NO_JOURNAL, type StateStore, type WriteJournal } from '../../../src/core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import { MemoryState } from './memory-state.ts';

/** Where state and journal of a world are kept: in memory, or in the real files of a directory of their own. */
export interface Storage {
  readonly state: StateStore;
  /** Where the files are; null in memory. */
  readonly dir: string | null;
  /** How many reads and writes of a disk are under way. */
  readonly busy: number;
  openJournal(account: number, now: () => Instant): Promise<WriteJournal>;
  /** What the journal proves; null where none is kept. */
  verify(account: number): Promise<AuditProof | null>;
  remove(): Promise<void>;
}

export function memoryStorage(state = new MemoryState()): Storage {
  return {
    state,
    dir: null,
    busy: 0,
    openJournal: async () => NO_JOURNAL,
    verify: async () => null,
    remove: async () => {},
  };
}

/** The real state files and the real audit log. What a process that is killed had begun to write is written whole. */
export async function diskStorage(parent = tmpdir()): Promise<Storage> {
  const dir = await mkdtemp(join(parent, 'grantd-daemon-'));
  return new DiskStorage(dir);
}

class DiskStorage implements Storage {
  readonly state: StateStore;
  readonly dir: string;
  busy = 0;

  constructor(dir: string) {
    this.dir = dir;
    this.state = {
      load: (account) => this.#counted(() => createFileStateStore({ dir }).load(account)),
      save: (memory) => this.#counted(() => createFileStateStore({ dir }).save(memory)),
      openPuts: () => this.#counted(() => createFileStateStore({ dir }).openPuts()),
      readPutReplaces: (account) => this.#counted(() => createFileStateStore({ dir }).readPutReplaces(account)),
      savePutReplaces: (found) => this.#counted(() => createFileStateStore({ dir }).savePutReplaces(found)),
      clearPutReplaces: (account) => this.#counted(() => createFileStateStore({ dir }).clearPutReplaces(account)),
    };
  }

  openJournal(account: number, now: () => Instant): Promise<WriteJournal> {
    return this.#counted(async () => {
      const { journal } = await openAuditLog({ file: this.#fileOf(account), account, now });
      return {
        intend: (put) =>
          this.#counted(async () => {
            const entry = await journal.intend(put);
            return { ended: (end) => this.#counted(() => entry.ended(end)) };
          }),
      };
    });
  }

  verify(account: number): Promise<AuditProof | null> {
    return verifyAuditLog(this.#fileOf(account), null);
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  #fileOf(account: number): string {
    return join(this.dir, `audit-${account}.jsonl`);
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.busy += 1;
    try {
      return await work();
    } finally {
      this.busy -= 1;
    }
  }
}
