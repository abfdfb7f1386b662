import { isWithin, type ResourceNode, type ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { RunMark } from '../../../src/core/domain/run/daemon-event.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { Holder, Snapshot } from '../../support/account-snapshot.ts';
import { effective, isLeftOut, isSpokenAbout, keyOf } from '../../support/oracle.ts';
import { Entitlements } from './entitlements.ts';
import type { ExpectedPolicy } from './policy-witness.ts';

/** How far the clocks may be apart before nothing is written, and the second that a `Date` header is coarse. */
const SKEW_MOST_MS = 5 * 60_000 + 1_000;

/** What a judge of a run must know of the world. */
export interface Surroundings {
  readonly tree: ResourceTree;
  now(): number;
  skewMs(): number;
  snapshot(): Snapshot;
  /** Whether somebody else wrote that row since the run began, or reads were stale; null for any access, any row. */
  isRaced(access: number | null, key: string | null): boolean;
}

/** Judges one run by the policy that it must go by. */
export class RunWitness {
  readonly mark: RunMark;
  readonly #expected: ExpectedPolicy;
  readonly #around: Surroundings;
  readonly #complain: (what: string) => void;
  readonly #skewAtStartMs: number;
  #planNow: number | null = null;
  /** By access and row, the level that an earlier canary may have taken, whatever the policy says. */
  readonly #givenBack = new Map<string, number>();
  /** The file says something else since: nothing further may be written. */
  isSuperseded = false;
  puts = 0;

  constructor(mark: RunMark, expected: ExpectedPolicy, around: Surroundings, complain: (what: string) => void) {
    this.mark = mark;
    this.#expected = expected;
    this.#around = around;
    this.#complain = (what) => complain(`${mark.runId} (${mark.trigger}): ${what}`);
    this.#skewAtStartMs = around.skewMs();
    if (mark.revision.sha256 !== expected.sha256) this.#complain('it goes by another text than the last good one');
  }

  planned(plan: Plan): void {
    this.#planNow ??= plan.now;
  }

  /** Before a PUT is written down. */
  intended(sha256: string | undefined): void {
    const { policy, isPaused } = this.#expected;
    if (sha256 !== this.#expected.sha256) this.#complain('the journal names another text');
    if (isPaused) this.#complain('it writes while it is paused');
    if (policy.mode === 'observe') this.#complain('it writes though it only observes');
    if (this.isSuperseded) this.#complain('it writes though a newer text came');
    if (this.#planNow === null) this.#complain('it writes without a plan');
    const isSkewed = [this.#skewAtStartMs, this.#around.skewMs()].every((ms) => Math.abs(ms) > SKEW_MOST_MS);
    if (isSkewed) this.#complain('it writes while the clocks are apart');
  }

  /** Before a PUT is written down that gives back what a canary left unnamed. */
  givesBack(access: number, rows: ReadonlyMap<string, number>): void {
    for (const [key, level] of rows) this.#givenBack.set(`${access} ${key}`, level);
  }

  /** Before a PUT is sent. */
  sends(access: number, rows: readonly RowWrite[]): void {
    this.puts += 1;
    const holder = this.#around.snapshot().get(access);
    if (holder === undefined) {
      if (!this.#around.isRaced(access, null)) this.#complain(`it writes to access ${access}, which nobody has`);
      return;
    }
    const after = new Map(holder.rows);
    for (const { resource, level } of rows) {
      const key = keyOf(resource);
      const set = level === null ? 0 : level === 'admin' ? 100 : 10;
      after.set(key, set);
      const node = this.#around.tree.find(resource);
      if (!node) this.#complain(`it writes to ${key}, which the tree does not show`);
      else if (this.#givenBack.get(`${access} ${key}`) === set) continue;
      else if (!this.#around.isRaced(access, key)) this.#judgeRow(holder, node, set);
    }
    if (!this.#around.isRaced(access, null)) this.#judgeNeverLess(holder, after);
  }

  #judgeRow(holder: Holder, node: ResourceNode, set: number): void {
    const had = holder.rows.get(keyOf(node)) ?? 0;
    const what = `${nameText(holder)} ${keyOf(node)} ${had} to ${set}`;
    const { fallback } = this.#expected;
    const entitlements = this.#entitlementsOf(holder);
    if (set > had) {
      if (fallback) this.#complain(`a policy that stands in gives: ${what}`);
      if (!entitlements.some((one) => one.level(node) >= set))
        this.#complain(`the policy entitles nobody to it: ${what}`);
    }
    if (set < had) {
      if ([...holder.rows.values()].includes(1000)) this.#complain(`an owner loses: ${what}`);
      if (!entitlements.some((one) => one.mayTake)) this.#complain(`nothing may be taken from them: ${what}`);
      if (!entitlements.some((one) => one.level(node) < had)) this.#complain(`it is entitled still: ${what}`);
      const hasEnded = entitlements.some((one) => one.hasEnded(node, had));
      const isAccountAdmin = node.type === 'account' && had >= 100;
      if (fallback && !hasEnded && !isAccountAdmin)
        this.#complain(`a policy that stands in takes what has not ended: ${what}`);
    }
  }

  #judgeNeverLess(holder: Holder, after: Map<string, number>): void {
    const { tree } = this.#around;
    for (const node of tree.nodes) {
      // What is ignored or observed is put in place by no run, so it keeps no row above.
      if (isLeftOut(node, holder.name, this.#expected.policy, tree)) continue;
      const had = effective(holder.rows, node);
      const least = Math.min(had, ...this.#entitlementsOf(holder).map((one) => one.level(node)));
      if (effective(after, node) < least) {
        this.#complain(`${nameText(holder)} holds less on ${keyOf(node)} on the way than before and after`);
      }
    }
  }

  /** By the moment of the plan, and by now: later rounds are planned anew. */
  #entitlementsOf(holder: Holder): readonly Entitlements[] {
    const { tree, now } = this.#around;
    const moments = this.#planNow === null ? [now()] : [this.#planNow, now()];
    return moments.map((moment) => new Entitlements(this.#expected.policy, tree, holder.name, moment));
  }

  /** After a run that says that the account is as entitled: it is, save what the plan itself says is not. */
  judgeEnd(result: RunResult): void {
    if (this.#around.isRaced(null, null)) return;
    const last = result.kind === 'written' ? result.after : result.plan;
    if (last === null) {
      this.#complain('it is applied, and nobody read it back');
      return;
    }
    for (const holder of this.#around.snapshot().values()) {
      // A moment may have come, or the clock may have been set, between the plan and the last look.
      const [first, second] = [result.plan, last].map((plan) => this.#missing(holder, plan));
      if (first && second) this.#complain(`it says that all is done, and it is not: ${second}`);
    }
  }

  #missing(holder: Holder, plan: Plan): string | null {
    const { tree } = this.#around;
    const { policy, fallback } = this.#expected;
    const entitlements = new Entitlements(policy, tree, holder.name, plan.now);
    if (!entitlements.isNamed) return null;
    for (const node of tree.nodes) {
      const [has, entitled] = [effective(holder.rows, node), entitlements.level(node)];
      const isLeft = policy.mode === 'additive' || entitlements.isProtected || !isSpokenAbout(node, policy, tree);
      const isRight = has === entitled || (has > entitled && isLeft);
      if (isRight || isExplained(plan, holder.access, node, tree)) continue;
      return `${nameText(holder)} has ${has} on ${keyOf(node)} and ${entitled} is entitled${fallback ? ' (stands in)' : ''}`;
    }
    return null;
  }
}

/** Whether the plan says that something there, above it or below it waits or cannot be written. */
function isExplained(plan: Plan, access: number, node: ResourceNode, tree: ResourceTree): boolean {
  const told = [
    ...plan.deferred.map(({ change }) => change),
    ...plan.held.flatMap(({ changes }) => changes),
    ...plan.unmanageable,
  ];
  return told.some((one) => {
    const at = one.access === access ? tree.find(one.resource) : undefined;
    return at !== undefined && (isWithin(at, node) || isWithin(node, at));
  });
}

function nameText({ name }: Holder): string {
  return 'email' in name ? name.email : `token:${name.token}`;
}
