import fc from 'fast-check';
import { NO_RESTRAINTS } from '../../../src/core/domain/plan/restraints.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Fault } from '../../../src/simulator/fault.ts';
import { validate } from '../../../test/core/validate/policy-text.ts';
import type { Effect } from '../../../test/daemon/support/life.ts';
import { SPOILS, type Spoil } from '../../../test/daemon/support/steps.ts';
import { STARTS_AT } from '../../../test/daemon/support/virtual-clock.ts';
import { arbitraryCase, type LiveCase } from '../../../test/support/arbitrary/live-case.ts';
import { arbitraryPolicy } from '../../../test/support/arbitrary/policy.ts';
import { arbitraryFault, arbitraryRowWrite, arbitraryUpheaval, type Ground } from './arbitrary-fault.ts';
import { chaosText, type Limits } from './chaos-text.ts';

/** What becomes of the policy file before a run. */
export type Edit =
  | { readonly kind: 'none' }
  /** Another policy, with so many of the first one's grants. */
  | { readonly kind: 'policy'; readonly policy: Policy; readonly limits: Limits }
  /** The same policy, approving those of the held parts of the last run that the bits choose. */
  | { readonly kind: 'approve'; readonly bits: number; readonly days: number }
  | { readonly kind: 'spoil'; readonly how: Spoil }
  | { readonly kind: 'repair' };

/** The process dies right before it does something for the so-manieth time, or a turn of the event loop later. */
export interface Crash {
  readonly before: Effect;
  readonly skip: number;
  readonly isLate: boolean;
}

/** One stretch of a course: something happens, runs follow, and they are judged. */
export interface Act {
  readonly edit: Edit;
  readonly drift: readonly AccountWrite[];
  readonly upheaval: AccountWrite | null;
  readonly faults: readonly Fault[];
  readonly crash: Crash | null;
  /** Somebody else writes at such a moment of a run. */
  readonly midway: { readonly before: Effect; readonly skip: number; readonly write: AccountWrite } | null;
  /** How much time goes by before the run, as it does for a machine that sleeps, and how much it is watched. */
  readonly sleepMs: number;
  readonly passMs: number;
  readonly isHinted: boolean;
  /** A new process goes on from the files; without the state file where it was lost. */
  readonly restart: 'no' | 'restart' | 'state-lost';
}

export interface ChaosCourse extends Pick<LiveCase, 'isTokenListed' | 'rowsPerPut' | 'concurrency'> {
  readonly live: LiveCase;
  readonly text: string;
  readonly acts: readonly Act[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ACTS_MOST = 5;

const EFFECTS: readonly Effect[] = [
  ...(['put', 'put', 'put', 'intend', 'intend', 'outcome', 'outcome'] as const),
  ...(['read', 'read', 'save', 'load', 'look', 'open'] as const),
];

/** The one course of a seed: the same on every machine and in every run. */
export function courseOf(seed: number): ChaosCourse {
  // Half of the worlds are drawn with the corner cases that fast-check prefers, half without any preference.
  const [course] = fc.sample(arbitraryChaosCourse, { seed, numRuns: 1, unbiased: seed % 2 === 0 });
  if (course === undefined) throw new Error(`seed ${seed} draws no course`);
  return course;
}

const rarely = fc.constantFrom(false, false, false, true);

const limits: fc.Arbitrary<Limits> = fc.record({
  principals: fc.constantFrom(100, 100, 3, 1, 1, 0),
  percent: fc.constantFrom(100, 100, 50, 20),
  gains: fc.constantFrom(100, 100, 3, 1),
  newAdmins: fc.constantFrom(100, 1, 0),
  admins: fc.constantFrom(1, 2, 3),
});

/** What random policies have so often that most of them would write nothing. */
const restraint = fc.record({ mode: rarely, manage: rarely, ignore: rarely, never: fc.boolean() });
type Restraint = typeof restraint extends fc.Arbitrary<infer Value> ? Value : never;

const arbitraryChaosCourse: fc.Arbitrary<ChaosCourse> = fc
  .record({ live: arbitraryCase('messy'), limits, restraint, mayIdle: rarely })
  .map(({ live, limits: drawn, restraint: kept, mayIdle }) => {
    const text = chaosText(livelier(live.world.policy, kept), drawn);
    return { live, text, mayIdle };
  })
  .filter(({ live, text, mayIdle }) => isValidAndBusy(live, text, mayIdle))
  .chain(({ live, text }) =>
    fc
      .record({
        acts: fc.array(arbitraryAct(live), { minLength: 2, maxLength: ACTS_MOST, size: 'max' }),
        concurrency: fc.constantFrom(1, 1, 4),
      })
      .map((drawn) => ({ live, text, isTokenListed: live.isTokenListed, rowsPerPut: live.rowsPerPut, ...drawn })),
  );

function livelier(policy: Policy, kept: Restraint): Policy {
  return {
    ...policy,
    mode: kept.mode ? policy.mode : 'authoritative',
    manage: kept.manage ? policy.manage : null,
    ignore: kept.ignore ? policy.ignore : { people: [], resources: [] },
    never: kept.never ? policy.never : [],
  };
}

/** A course may begin with nothing to write, but few should. */
function isValidAndBusy({ world }: LiveCase, text: string, mayIdle: boolean): boolean {
  const checked = validate(text);
  if (!checked.ok) return false;
  const { plan } = makePlan(resolvePolicy(checked.value), world.actual, STARTS_AT, NO_RESTRAINTS);
  return mayIdle || plan.verdict === 'allowed';
}

function arbitraryAct({ world }: LiveCase): fc.Arbitrary<Act> {
  const accesses = world.actual.accesses.map(({ access }) => access);
  const ground: Ground = { tree: world.actual.tree, accesses: accesses.length > 0 ? accesses : [100] };
  const often = <T>(nil: T, weight: number, arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(nil) }, { weight, arbitrary });
  return fc.record({
    edit: arbitraryEdit(world.policy, ground),
    drift: often<readonly AccountWrite[]>([], 5, fc.array(arbitraryRowWrite(ground), { minLength: 1, maxLength: 3 })),
    upheaval: often<AccountWrite | null>(null, 1, arbitraryUpheaval(ground)),
    faults: often<readonly Fault[]>([], 8, fc.array(arbitraryFault(ground), { minLength: 1, maxLength: 4 })),
    crash: often<Crash | null>(
      null,
      4,
      fc.record({
        before: fc.constantFrom(...EFFECTS),
        skip: fc.constantFrom(0, 0, 0, 1, 1, 2, 3),
        isLate: fc.boolean(),
      }),
    ),
    midway: often<Act['midway']>(
      null,
      2,
      fc.record({
        before: fc.constantFrom(...EFFECTS),
        skip: fc.constantFrom(0, 0, 1, 2),
        write: arbitraryRowWrite(ground),
      }),
    ),
    sleepMs: fc.constantFrom(0, 0, 0, 0, 25 * MINUTE_MS, DAY_MS, DAY_MS, 3 * DAY_MS),
    passMs: fc.constantFrom(MINUTE_MS, MINUTE_MS, 2 * MINUTE_MS, 21 * MINUTE_MS),
    isHinted: fc.boolean(),
    restart: fc.constantFrom<Act['restart'][]>('no', 'no', 'no', 'no', 'restart', 'state-lost'),
  });
}

function arbitraryEdit(first: Policy, { tree }: Ground): fc.Arbitrary<Edit> {
  const policy = fc
    .record({
      fresh: arbitraryPolicy(tree, 'messy'),
      kept: fc.array(fc.constantFrom(true, true, false), { minLength: 8, maxLength: 8 }),
      limits,
      restraint,
    })
    .map(({ fresh, kept, limits: drawn, restraint: of }): Edit => {
      const grants = [...first.grants.filter((_, index) => kept[index % kept.length]), ...fresh.grants.slice(0, 2)];
      return { kind: 'policy', policy: livelier({ ...fresh, grants, roles: first.roles }, of), limits: drawn };
    });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant<Edit>({ kind: 'none' }) },
    { weight: 8, arbitrary: policy },
    {
      weight: 7,
      arbitrary: fc
        .record({ bits: fc.integer({ min: 1, max: 255 }), days: fc.constantFrom(1, 5, -1) })
        .map((drawn): Edit => ({ kind: 'approve', ...drawn })),
    },
    { weight: 1, arbitrary: fc.constantFrom(...SPOILS).map((how): Edit => ({ kind: 'spoil', how })) },
    { weight: 1, arbitrary: fc.constant<Edit>({ kind: 'repair' }) },
  );
}
