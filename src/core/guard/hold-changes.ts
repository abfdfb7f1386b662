import { batchesOf, isGain, makesAccountAdmin } from '../domain/plan/batch.ts';
import { type Change, type Deferred, GUARD_RULES, type GuardRule, type Refusal } from '../domain/plan/plan.ts';
import { deferWithoutRaise } from './apply-deferrals.ts';
import { type Parted, partReliant, reliance } from './defer-reliant.ts';
import type { GuardCheck, GuardFinding, GuardInput, JudgedInput } from './guard-input.ts';
import { lastAdmins, never } from './invariants.ts';
import { findByPool } from './limit-pools.ts';
import { adminLimit, countedLosses, emptyPolicy, gainLimit, revokeLimit } from './limits.ts';
import { withStaying } from './stay-held.ts';

const GAINS = withStaying('gain-limit', gainLimit, () => isGain);
const ADMINS = withStaying('admin-limit', adminLimit, () => makesAccountAdmin);
const REVOKES = withStaying('revoke-limit', revokeLimit, countedLosses);

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
 * could still be written, and what remains passes every rule by itself. Approved changes use up the limits.
 */
export function holdChanges(input: GuardInput, approved: ReadonlySet<Change>): Holding {
  const judged: JudgedInput = { ...input, approved };
  const { changes } = input.difference;
  const raises = [...findings([never], judged, changes), ...findByPool([GAINS, ADMINS], judged, changes)];
  const waiting = waitForRaises(input, raises);
  const losses = [
    ...findings([emptyPolicy], judged, waiting.changes),
    ...findByPool([REVOKES], judged, waiting.changes),
  ];
  // Includes losses that are held or wait: nobody should approve one of them, or the raise that it waits for, and learn only
  // then that this rule holds it as well.
  const waits = waiting.deferred.map(({ change }) => change);
  const admins = findings([lastAdmins], judged, [...waiting.changes, ...waits]).flatMap((finding) =>
    withoutThose(finding, new Set(waits)),
  );
  const all = [...raises, ...losses, ...admins].sort((a, b) => rank(a.refusal.rule) - rank(b.refusal.rule));
  return {
    refusals: all.map(({ refusal }) => refusal),
    heldBy: holdsByRule(all),
    deferred: waiting.deferred,
  };
}

/** A limit may hold in several pools. */
function holdsByRule(all: readonly GuardFinding[]): ReadonlyMap<GuardRule, ReadonlySet<Change>> {
  const heldBy = new Map<GuardRule, ReadonlySet<Change>>();
  for (const { refusal, held } of all)
    heldBy.set(refusal.rule, new Set([...(heldBy.get(refusal.rule) ?? []), ...held]));
  return heldBy;
}

function findings(
  checks: readonly GuardCheck[],
  judged: JudgedInput,
  changes: readonly Change[],
): readonly GuardFinding[] {
  return checks.map((check) => check(judged, changes)).filter((finding) => finding !== null);
}

/** A change that waits is not held as well. */
function withoutThose({ refusal, held }: GuardFinding, those: ReadonlySet<Change>): readonly GuardFinding[] {
  const left = held.filter((change) => !those.has(change));
  return left.length === 0 ? [] : [{ refusal, held: left }];
}

/** What is left once some raises are held: never less on the way, and only a raise can prove an unproven token. */
function waitForRaises({ difference, actual, desired }: GuardInput, raises: readonly GuardFinding[]): Parted {
  const held = new Set(raises.flatMap(({ held: holds }) => holds));
  const unproven = new Set(difference.unproven);
  const relies = reliance(actual.tree, desired);
  const parts = batchesOf(difference.changes).map(({ access, changes }) => {
    const left = changes.filter((change) => !held.has(change));
    const part = partReliant(
      left,
      changes.filter((change) => held.has(change)),
      relies,
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
