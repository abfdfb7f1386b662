import { requestedChanges } from '../core/domain/plan/change-key.ts';
import type { Plan } from '../core/domain/plan/plan.ts';
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

  /** What is known of the drift that a plan for the account finds. */
  hintsFor(plan: Plan, account: number, read: AccountRead | undefined): ChangeHints {
    const events = account === this.#account ? keepEvents(this.#kept, [], this.#clock.now()) : [];
    const userIdOf = (access: number) => read?.accesses().get(access)?.userId ?? null;
    return hintsFor(requestedChanges(plan), { events, since: this.#since, userIdOf });
  }
}

/** The hints at what a run planned, and at what it leaves. `find` gives those of a plan. */
export function hintsOfRun(result: RunResult | null, find: (plan: Plan) => ChangeHints): ChangeHints {
  const left = planLeft(result);
  if (result === null || left === null) return new Map();
  return new Map([...find(left), ...find(result.plan)]);
}

/** The journal, with the hints at the changes of each PUT. `find` gives them once the account was read. */
export function withHints(journal: WriteJournal, find: () => ChangeHints): WriteJournal {
  return {
    intend: (put) => {
      const found = find();
      const hints = [...new Set(put.changes.flatMap((change) => hintTexts(found, change)))].slice(0, PUT_HINTS_MOST);
      return journal.intend(hints.length === 0 ? put : { ...put, hints });
    },
  };
}
