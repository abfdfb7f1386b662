import { requestedChanges } from '../core/domain/plan/change-key.ts';
import type { Change } from '../core/domain/plan/plan.ts';
import type { RunEnd } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock, WriteJournal } from '../core/domain/run/daemon-ports.ts';
import {
  type ChangeHints,
  hintsFor,
  hintTexts,
  keepEvents,
  type MailtrapEvent,
} from '../core/domain/run/mailtrap-event.ts';
import { type AccountRead, planLeft, type RunResult } from '../core/domain/run/run-result.ts';

/** How many hints one PUT has in the audit log at most. */
const PUT_HINTS_MOST = 10;

/** What Mailtrap's audit log said of one account lately, in memory alone. Nothing is decided by it. */
export class MailtrapEvents {
  readonly #clock: Pick<DaemonClock, 'now'>;
  #account: number | null = null;
  #kept: readonly MailtrapEvent[] = [];
  /** The end of the last complete run: what came before it is in place, or was undone. */
  #since: number | null = null;

  constructor(clock: Pick<DaemonClock, 'now'>) {
    this.#clock = clock;
  }

  /** How many of them are kept that were not known yet. A policy that names another account begins anew. */
  add(came: readonly MailtrapEvent[], account: number | null): number {
    if (account !== this.#account) this.#kept = [];
    this.#account = account;
    const known = new Set(this.#kept.map(({ key }) => key));
    this.#kept = keepEvents(this.#kept, came, this.#clock.now());
    return this.#kept.filter(({ key }) => !known.has(key)).length;
  }

  /** Of a run that ended. The next run looks back to a complete one. */
  ended(end: RunEnd): void {
    if (end === 'complete') this.#since = this.#clock.now();
  }

  /** What is known of the drift among some changes in the account. */
  hintsFor(changes: readonly Change[], account: number, userIdOf: UserFinder): ChangeHints {
    const events = account === this.#account ? keepEvents(this.#kept, [], this.#clock.now()) : [];
    return hintsFor(changes, { events, since: this.#since, userIdOf });
  }
}

/** Finds the id of the user of an account access; null if it has none. */
type UserFinder = (access: number) => number | null;

/** Finds users in what a run read. Only if one is asked for are the accesses indexed, and once for all PUTs of the run. */
export function userFinder(read: () => AccountRead | undefined): UserFinder {
  let accesses: ReturnType<AccountRead['accesses']> | undefined;
  return (access) => {
    accesses ??= read()?.accesses();
    return accesses?.get(access)?.userId ?? null;
  };
}

/** Finds the hints at some changes. */
type FindHints = (changes: readonly Change[]) => ChangeHints;

/** The hints at what a run planned, and at what it leaves. */
export function hintsOfRun(result: RunResult | null, find: FindHints): ChangeHints {
  const left = planLeft(result);
  if (result === null || left === null) return new Map();
  return find([...requestedChanges(left), ...requestedChanges(result.plan)]);
}

/** The journal, with the hints at the changes of each PUT. */
export function withHints(journal: WriteJournal, find: FindHints): WriteJournal {
  return {
    intend: (put) => {
      const found = find(put.changes);
      const hints = [...new Set(put.changes.flatMap((change) => hintTexts(found, change)))].slice(0, PUT_HINTS_MOST);
      return journal.intend(hints.length === 0 ? put : { ...put, hints });
    },
  };
}
