import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Snapshot } from '../../../test/support/account-snapshot.ts';
import { keyOf } from '../../../test/support/oracle.ts';
import { rowWrite } from './rival.ts';

/** What a PUT did to the rows of its access that it did not name. */
export interface UnnamedRows {
  readonly access: number;
  readonly lost: ReadonlyMap<string, number>;
}

/** The rows that a PUT took without naming them. */
export function unnamedLost(access: number, rows: readonly RowWrite[], before: Snapshot, after: Snapshot): UnnamedRows {
  const named = new Set(rows.map(({ resource }) => keyOf(resource)));
  const left = after.get(access)?.rows;
  const had = [...(before.get(access)?.rows ?? [])];
  return { access, lost: new Map(had.filter(([key]) => !named.has(key) && left?.has(key) !== true)) };
}

/** Without rows that somebody else wrote since the run began: it may have read them before, and cannot know that it took them. */
export function withoutWrites({ access, lost }: UnnamedRows, writes: readonly AccountWrite[]): UnnamedRows {
  const unknown = writes.flatMap((write) =>
    'who' in write && write.who === access && 'type' in write ? [`${write.type} ${write.id}`] : [],
  );
  const isKnown = (key: string) => {
    const { type, id } = rowWrite(key);
    return !unknown.includes(`${type} ${id}`);
  };
  return { access, lost: new Map([...lost].filter(([key]) => isKnown(key))) };
}

/**
 * Where a PUT replaces: one access at most ever lacks rows that nobody meant to take, grantd writes to nobody else from then on, and
 * the access has them back at the end.
 */
export class ReplacedRows {
  /** By access, the rows that it must have back. */
  readonly #lost = new Map<number, Map<string, number>>();
  readonly #complaints: string[] = [];
  #isKnown = false;

  get accesses(): readonly number[] {
    return [...this.#lost.keys()];
  }

  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** A run ended because it saw what a PUT does here. */
  known(): void {
    this.#isKnown = true;
  }

  /** Before a PUT is sent. */
  sends(access: number): void {
    if (this.#isKnown && !this.#lost.has(access))
      this.#complaints.push(`a PUT replaces here, as a run saw, and access ${access} is written`);
  }

  took({ access, lost }: UnnamedRows): void {
    if (lost.size === 0) return;
    if (this.#lost.size > 0 && !this.#lost.has(access))
      this.#complaints.push(`a PUT replaces here, and ${access} loses rows after ${this.accesses}`);
    // What giving back takes is what the canary itself gave, where its resource is hidden by then.
    if (!this.#lost.has(access)) this.#lost.set(access, new Map(lost));
  }

  /** What somebody else wrote since need not come back. */
  wroteElse(write: AccountWrite): void {
    for (const [access, rows] of this.#lost) {
      // Who writes before a read has shown the PUT hides what it took: then nobody can say who took it.
      if (!this.#isKnown && 'who' in write && write.who === access) rows.clear();
      if (!('type' in write)) {
        if ('who' in write && write.who === access && write.act !== 'rename-member') rows.clear();
        continue;
      }
      if (write.act === 'remove-resource') rows.clear();
      if (!('who' in write) || write.who === access)
        for (const key of rows.keys()) {
          const row = rowWrite(key);
          if (row.type === write.type && row.id === write.id) rows.delete(key);
        }
    }
  }

  /** At rest. */
  check(now: Snapshot): void {
    for (const [access, rows] of this.#lost)
      for (const [key, level] of rows) {
        const has = now.get(access)?.rows.get(key) ?? 0;
        if (has < level)
          throw new Error(`access ${access} lost ${key} to a PUT, and has it back at ${has}, not ${level}`);
      }
  }
}
