import { batchesOf } from '../domain/plan/batch.ts';
import { type Change, type Deferred, GUARD_RULES, type GuardRule, type Refusal } from '../domain/plan/plan.ts';
import { deferWithoutRaise } from './apply-deferrals.ts';
import { type Parted, partReliant } from './defer-reliant.ts';
import type { GuardCheck, GuardFinding, GuardInput } from './guard-input.ts';
import { lastAdmins, never } from './invariants.ts';
import { adminLimit, emptyPolicy, revokeLimit } from './limits.ts';

/** What the rules stop of a difference. */
export interface Holding {
  readonly refusals: readonly Refusal[];
  /** What each broken rule holds, in the order of telling. */
  readonly heldBy: ReadonlyMap<GuardRule, ReadonlySet<Change>>;
  /** Changes that wait only because a raise is held which they may rely on. */
  readonly deferred: readonly Deferred[];
}

/**
 * Judges the changes of a difference. Raises come first, because what relies on a held one waits, and takes nothing; then
 * losses, with only the admins to come that are really made. So each rule judges as a whole all that could still be
 * written, and what remains in the end passes every rule by itself. Approved changes count towards no limit.
 */
export function holdChanges(judged: GuardInput, approved: ReadonlySet<Change>): Holding {
  const { changes } = judged.difference;
  const isCounted = (change: Change) => !approved.has(change);
  const raises = findings([never], judged, changes).concat(findings([adminLimit], judged, changes.filter(isCounted)));
  const waiting = waitForRaises(judged, raises);
  const losses = findings([emptyPolicy, revokeLimit], judged, waiting.changes.filter(isCounted));
  // Over all that is entitled, held losses too: whoever approves one of them must not find out later that it cannot be.
  const admins = findings([lastAdmins], judged, waiting.changes);
  const all = [...raises, ...losses, ...admins].sort((a, b) => rank(a.refusal.rule) - rank(b.refusal.rule));
  return {
    refusals: all.map(({ refusal }) => refusal),
    heldBy: new Map(all.map(({ refusal, held: holds }) => [refusal.rule, new Set(holds)])),
    deferred: waiting.deferred,
  };
}

function findings(
  checks: readonly GuardCheck[],
  judged: GuardInput,
  changes: readonly Change[],
): readonly GuardFinding[] {
  return checks.map((check) => check(judged, changes)).filter((finding) => finding !== null);
}

/** What is left once some raises are held: never less on the way, and an unproven token needs a raise to prove it. */
function waitForRaises({ difference, actual }: GuardInput, raises: readonly GuardFinding[]): Parted {
  const held = new Set(raises.flatMap(({ held: holds }) => holds));
  const unproven = new Set(difference.unproven);
  const parts = batchesOf(difference.changes).map(({ access, changes }) => {
    const left = changes.filter((change) => !held.has(change));
    const part = partReliant(
      left,
      changes.filter((change) => held.has(change)),
      actual.tree,
    );
    return unproven.has(access) ? deferWithoutRaise(part) : part;
  });
  return {
    changes: parts.flatMap((part) => part.changes),
    deferred: parts.flatMap((part) => part.deferred),
  };
}

function rank(rule: GuardRule): number {
  return GUARD_RULES.indexOf(rule);
}
