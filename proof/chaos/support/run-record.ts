import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { RunEnded, RunMark } from '../../../src/core/domain/run/daemon-event.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { DescribedAccount } from '../../../src/simulator/describe-state.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import type { EarlierRuns } from '../../../test/property/limit-checks.ts';
import { expectNeverHolds, expectOnlyPlanned, expectWithinLimits } from '../../../test/property/limit-checks.ts';
import {
  expectAdminsRemain,
  expectAppliedIsHeld,
  expectNeverLess,
  expectNoBlindRepeat,
  expectNothingForbidden,
  expectNoWriteAfterDoubt,
  Others,
} from '../../../test/property/run-checks.ts';
import type { Snapshot } from '../../../test/support/account-snapshot.ts';
import type { World } from '../../../test/support/arbitrary/world.ts';
import type { WatchedRun, Write } from '../../../test/support/live-world.ts';
import { type Ending, expectHonestEnd } from './honest-end.ts';
import { expectLeftAlone } from './left-alone.ts';

/** What one run did, and what it could see, while it goes on. */
export interface RunRecord {
  readonly mark: RunMark;
  readonly policy: Policy;
  /** The account when it began. */
  readonly account: DescribedAccount;
  readonly start: Snapshot;
  /** How many requests had arrived before it. */
  readonly firstRequest: number;
  readonly faults: readonly Fault[];
  /** A read may show an account of before this run, or somebody else changes who there is: only what needs no start is checked. */
  readonly isBlurred: boolean;
  readonly writes: OpenWrite[];
  /** What somebody else wrote while it went on. */
  readonly foreign: AccountWrite[];
  /** The first plan: what the run set out to do. */
  plan: Plan | null;
}

export interface OpenWrite extends Omit<Write, 'after'> {
  after: Snapshot | null;
}

/** What is known when a run has ended, or its process has died. */
export interface RunEndFacts {
  readonly end: RunEnded | null;
  /** The same, and the account that it left; null where its process died. */
  readonly ending: Ending | null;
  readonly now: Snapshot;
  readonly requests: readonly LoggedRequest[];
  /** What the account may have looked like to it: it must have done right by one of these. */
  readonly worlds: readonly World[];
  readonly rowsPerPut: number;
  readonly earlier: EarlierRuns;
}

/** What is checked though nobody knows which account a run saw when it began. */
const NEED_NO_START = [
  'no PUT is repeated blindly',
  'only what was planned is written',
  'nobody who is observed or ignored is written',
  'nothing waits after a run that is complete',
];

/** The invariants that a run broke, by name; each is checked though another is broken. */
export function brokenBy(run: RunRecord, facts: RunEndFacts): readonly string[] {
  const { end, now, requests, worlds, earlier, rowsPerPut } = facts;
  const live: WatchedRun = {
    simulator: { requests: () => requests },
    writes: run.writes.map(({ after, ...write }) => ({ ...write, after: after ?? now })),
    snapshot: () => now,
  };
  const written = run.foreign.map((write): Fault => ({ kind: 'second-writer', write }));
  const others = new Others([...run.faults, ...written]);
  const { plan, start } = run;
  const result = end?.result ?? null;
  const inSomeWorld = (check: (world: World) => void) => () => holdsInOne(worlds, check);
  const checks: Readonly<Record<string, () => void>> = {
    'no PUT after a doubtful read': () => expectNoWriteAfterDoubt(live, { rowsPerPut }),
    'no PUT is repeated blindly': () => expectNoBlindRepeat(live),
    'the admins remain': inSomeWorld((world) => expectAdminsRemain(world, start, live, others)),
    'nobody is touched who is protected, ignored or not managed': inSomeWorld((world) =>
      expectNothingForbidden(world, live, others),
    ),
    'never less on the way': inSomeWorld((world) => expectNeverLess(world, live, others)),
    'no `never` rule is newly broken': inSomeWorld((world) => expectNeverHolds({ world }, start, live, others)),
    'the limits hold': inSomeWorld((world) => {
      if (plan) expectWithinLimits({ world, approvedByHand: [] }, { plan }, start, live, others, earlier);
    }),
    'only what was planned is written': () => {
      if (plan) expectOnlyPlanned({ plan }, live);
      else if (live.writes.length > 0) throw new Error('a PUT without a plan');
    },
    'what is told as applied is held': () => {
      if (result) expectAppliedIsHeld(result, live, others);
    },
    'nobody who is observed or ignored is written': () => expectLeftAlone(run),
    'nothing waits after a run that is complete': () => {
      if (facts.ending) expectHonestEnd(run, facts.ending);
    },
  };
  return Object.entries(checks).flatMap(([name, check]) =>
    run.isBlurred && !NEED_NO_START.includes(name) ? [] : messageOf(name, check),
  );
}

function messageOf(name: string, check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`];
  }
}

function holdsInOne(worlds: readonly World[], check: (world: World) => void): void {
  let first: unknown;
  for (const world of worlds) {
    try {
      check(world);
      return;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
