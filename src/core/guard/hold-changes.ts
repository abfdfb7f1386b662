import { batchesOf } from '../domain/plan/batch.ts';
import { type Change, type Deferred, GUARD_RULES, type GuardRule, type Refusal } from '../domain/plan/plan.ts';
import { deferWithoutRaise } from './apply-deferrals.ts';
import { type Parted, partReliant } from './defer-reliant.ts';
import type { GuardCheck, GuardFinding, GuardInput } from './guard-input.ts';
import { lastAdmins, never } from './invariants.ts';
import { adminLimit, emptyPolicy, revokeLimit } from './limits.ts';

/** What the rules stop in a difference. */
export interface Holding {
  readonly refusals: readonly Refusal[];
  /** What each broken rule holds, in the order in which rules are reported. */
  readonly heldBy: ReadonlyMap<GuardRule, ReadonlySet<Change>>;
  /** Changes that wait only because they may rely on a raise that is held. */
  readonly deferred: readonly Deferred[];
}

/**
 * Applies the rules to the changes of a difference. Raises come first, because changes that rely on a held raise wait and
 * remove nothing. Losses come next, and only raises that are not held count as new admins. So each rule judges as a whole what
 * could still be written, and what remains passes every rule by itself. Approved changes count towards no limit.
 */
export function holdChanges(input: GuardInput, approved: ReadonlySet<Change>): Holding {
  const { changes } = input.difference;
  const isCounted = (change: Change) => !approved.has(change);
  const raises = findings([never], input, changes).concat(findings([adminLimit], input, changes.filter(isCounted)));
  const waiting = waitForRaises(input, raises);
  const losses = findings([emptyPolicy, revokeLimit], input, waiting.changes.filter(isCounted));
  // Includes held losses: nobody should approve one of them and learn only then that this rule holds it as well.
  const admins = findings([lastAdmins], input, waiting.changes);
  const all = [...raises, ...losses, ...admins].sort((a, b) => rank(a.refusal.rule) - rank(b.refusal.rule));
  return {
    refusals: all.map(({ refusal }) => refusal),
    heldBy: new Map(all.map(({ refusal, held: holds }) => [refusal.rule, new Set(holds)])),
    deferred: waiting.deferred,
  };
}

function findings(
  checks: readonly GuardCheck[],
  input: GuardInput,
  changes: readonly Change[],
): readonly GuardFinding[] {
  return checks.map((check) => check(input, changes)).filter((finding) => finding !== null);
}

/** What is left once some raises are held: never less on the way, and only a raise can prove an unproven token. */
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
