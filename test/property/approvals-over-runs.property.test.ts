import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountMemory, emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import type { Change, GuardRule, Plan } from '../../src/core/domain/plan/plan.ts';
import type { RunResult } from '../../src/core/domain/run/run-result.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { withApprovals } from '../../src/daemon/remember-approvals.ts';
import { rememberRun, restraintsNow } from '../../src/daemon/remember-run.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { ACCOUNT } from '../support/arbitrary/policy.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { applyChanges, keyOf } from '../support/oracle.ts';
import { holds, SEED } from './runs.ts';

const DAY_MS = 86_400_000;

/** How one of several runs goes: which held parts a merge approves before it, what reaches the account, how the process ends. */
interface Step {
  readonly flips: readonly boolean[];
  /** Whether every approved part is written, or only the first change of each. */
  readonly isWhole: boolean;
  /** `killed`: after the writes, before the end of the run is remembered. */
  readonly end: 'remembered' | 'killed';
}

const step: fc.Arbitrary<Step> = fc.record({
  flips: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  isWhole: fc.boolean(),
  end: fc.constantFrom('remembered', 'killed'),
});

const tight: fc.Arbitrary<World> = arbitraryWorld('messy').map((world) => ({
  ...world,
  policy: {
    ...world.policy,
    limits: {
      ...world.policy.limits,
      revokes: { principals: 1, percent: 100 },
      gains: { principals: 1, percent: null },
      admins: 0,
      newAdmins: 0,
    },
    approvals: [],
    paused: false,
  },
}));

const COUNTED: readonly (readonly [GuardRule, (change: Change) => boolean])[] = [
  ['revoke-limit', ({ before, after }) => after < before],
  ['gain-limit', ({ before, after }) => after > before],
  ['admin-limit', ({ resource, before, after }) => resource.type === 'account' && before < 100 && after >= 100],
];

const textOf = ({ access, resource, before, after }: Change) => `${access} ${keyOf(resource)} ${before} ${after}`;

/** The daemon's memory over several runs of one policy, to which merges add approvals. */
class Runs {
  readonly #world: World;
  readonly #approvals: World['policy']['approvals'][number][] = [];
  #actual: World['actual'];
  #memory: AccountMemory = emptyMemory(ACCOUNT);
  #now: number;
  #held: Plan['held'] = [];
  readonly approved = new Set<string>();
  /** What was held before an approval was first used, by rule. */
  readonly beyond = new Map<GuardRule, Set<string>>();

  constructor(world: World) {
    this.#world = world;
    this.#actual = world.actual;
    this.#now = world.now;
  }

  /** One run. Returns the changes that it wrote. */
  run({ flips, isWhole, end }: Step): readonly Change[] {
    this.#approve(this.#held.filter((_, index) => flips[index % flips.length]));
    const policy = { ...this.#world.policy, approvals: this.#approvals };
    const resolved = resolvePolicy(policy);
    const restraints = restraintsNow(this.#memory, { now: this.#now, isCounted: () => false }, false);
    const { plan } = makePlan(resolved, this.#actual, this.#now, restraints);
    for (const part of plan.approved) for (const change of part.changes) this.approved.add(textOf(change));
    const rest = new Set(isWhole ? [] : plan.approved.flatMap(({ changes }) => changes.slice(1).map(textOf)));
    const written = plan.verdict === 'allowed' ? plan.changes.filter((change) => !rest.has(textOf(change))) : [];
    if (plan.approved.length > 0 && written.length > 0) {
      this.#memory = withApprovals(this.#memory, plan, policy, this.#now);
      for (const { rules, changes } of plan.held) {
        for (const [rule, isCounted] of COUNTED) {
          if (!rules.includes(rule) || !plan.approved.some((part) => part.rules.includes(rule))) continue;
          const known = this.beyond.get(rule) ?? new Set();
          for (const change of changes.filter(isCounted)) known.add(textOf(change));
          this.beyond.set(rule, known);
        }
      }
    }
    this.#actual = applyChanges(this.#actual, written);
    const remaining = makePlan(resolved, this.#actual, this.#now, {
      ...restraints,
      begun: this.#memory.begun,
      writtenByApproval: plan.approved.flatMap(({ changes }) => changes),
    }).plan;
    if (end === 'remembered') this.#remember(plan, written, remaining, resolved);
    this.#held = remaining.held;
    this.#now += 60_000;
    return written;
  }

  #approve(parts: Plan['held']): void {
    if (parts.length === 0) return;
    const until = { at: this.#world.now + 30 * DAY_MS + this.#approvals.length, text: '' };
    const at = { file: 'policy.yaml', line: 1, column: 1, length: 1 };
    this.#approvals.push({ digests: parts.map(({ digest }) => digest), until, at });
  }

  #remember(plan: Plan, written: readonly Change[], after: Plan, resolved: ReturnType<typeof resolvePolicy>): void {
    const result: RunResult =
      plan.verdict === 'allowed'
        ? {
            kind: 'written',
            plan,
            outcomes: plan.changes.map((change) => {
              const isWritten = written.includes(change);
              const outcome = isWritten ? 'applied' : 'not-tried';
              const sent = isWritten ? 'answered' : 'not-tried';
              return { change, outcome, sent, found: null, reason: null, auditHash: null } as const;
            }),
            foreign: [],
            after,
            unconfirmed: null,
          }
        : { kind: 'not-written', plan };
    const seen = { levelOf: () => null, isCounted: () => false, now: this.#now };
    this.#memory = rememberRun(this.#memory, { ...seen, result, resolved }).memory;
  }
}

describe(`several runs with a memory, over random worlds (seed ${SEED})`, () => {
  it('write nothing beyond the limits that was not approved, whatever was approved in whatever order', () => {
    holds(fc.tuple(tight, fc.array(step, { minLength: 2, maxLength: 5 })), ([world, steps]) => {
      const runs = new Runs(world);
      for (const one of [{ flips: [false], isWhole: true, end: 'remembered' } as const, ...steps]) {
        const beyond = new Map([...runs.beyond].map(([rule, texts]) => [rule, new Set(texts)]));
        for (const change of runs.run(one)) {
          for (const [rule, isCounted] of COUNTED) {
            if (!isCounted(change) || !beyond.get(rule)?.has(textOf(change))) continue;
            expect(runs.approved, `${rule} ${textOf(change)}`).toContain(textOf(change));
          }
        }
      }
    });
  });
});
