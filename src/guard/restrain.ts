import type { ActualState } from '../domain/actual-state.ts';
import { batchesOf, isGain } from '../domain/batch.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { Change, Difference, Withheld, WithheldReason } from '../domain/plan.ts';
import { compareChanges } from '../domain/plan-order.ts';
import type { Policy } from '../domain/policy.ts';
import { resourceKey } from '../domain/resource.ts';
import { isWithin, type ResourceNode, type ResourceTree } from '../domain/resource-tree.ts';
import type { Restraints, SameChange, TokenPair } from '../domain/restraints.ts';
import { endsBehind } from './loss-by-end.ts';
import { writableSubjects } from './writable-subjects.ts';

export interface Restrained {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly policy: Policy;
  readonly restraints: Restraints;
}

/**
 * Takes out of a difference what is remembered not to be written now, before any guard judges it. What is taken out is
 * withheld, never lost: changes and withheld together are the same with every memory and with none.
 */
export function restrain({ difference, desired, actual, policy, restraints }: Restrained): Difference {
  const proven = new Set(restraints.provenPairs.map(pairKey));
  const pairs = new Map(policy.tokens.map((token) => [token.access, pairKey(token)]));
  const unproven = difference.unproven.filter((access) => !proven.has(pairs.get(access) ?? ''));
  const subjects = writableSubjects(desired);
  const withheld: Withheld[] = [];
  const changes: Change[] = [];
  for (const batch of batchesOf(difference.changes)) {
    const subject = subjects.get(batch.access);
    const reasonOf = (change: Change): WithheldReason | null => {
      if (change.principal.kind === 'token') {
        const { tokenId } = change.principal;
        if (restraints.disprovenPairs.some((pair) => pair.access === change.access && pair.tokenId === tokenId)) {
          return 'pair-disproven';
        }
      }
      if (restraints.standsIn && endsBehind(change, subject, policy).length === 0) return 'stands-in';
      return restraints.contested.some((contested) => isSame(contested, change)) ? 'contested' : null;
    };
    const taken = takeOut(batch.changes, reasonOf, actual.tree);
    const rest = unproven.includes(batch.access) ? takeUnproven(taken) : taken;
    changes.push(...rest.changes);
    withheld.push(...rest.withheld);
  }
  return {
    ...difference,
    unproven,
    changes,
    withheld: [...difference.withheld, ...withheld].sort((a, b) => compareChanges(a.change, b.change)),
  };
}

interface Parted {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
}

/** Never less on the way: what may stand in for a raise that is not written now is not taken either. */
function takeOut(
  changes: readonly Change[],
  reasonOf: (change: Change) => WithheldReason | null,
  tree: ResourceTree,
): Parted {
  const kept: Change[] = [];
  const withheld: Withheld[] = [];
  for (const change of changes) {
    const reason = reasonOf(change);
    if (reason === null) kept.push(change);
    else withheld.push({ change, reason, waitsFor: WAITS_FOR[reason] ?? '' });
  }
  const missing = withheld.filter(({ change }) => isGain(change)).map(({ change }) => change);
  const relies = (loss: Change) => missing.find((gain) => isRelated(nodeOf(loss, tree), nodeOf(gain, tree)));
  return {
    changes: kept.filter((change) => isGain(change) || !relies(change)),
    withheld: [
      ...withheld,
      ...kept.flatMap((change): readonly Withheld[] => {
        const gain = isGain(change) ? undefined : relies(change);
        return gain ? [{ change, reason: 'relies-on-missing', waitsFor: gain.resource.label }] : [];
      }),
    ],
  };
}

/** Only a raise can prove a pair of ids: without one nothing of an unproven token is written. */
function takeUnproven({ changes, withheld }: Parted): Parted {
  if (changes.some(isGain)) return { changes, withheld };
  const waiting = changes.map(
    (change): Withheld => ({ change, reason: 'pair-unproven', waitsFor: WAITS_FOR['pair-unproven'] ?? '' }),
  );
  return { changes: [], withheld: [...withheld, ...waiting] };
}

const WAITS_FOR: Readonly<Partial<Record<WithheldReason, string>>> = {
  contested: 'the next daily try',
  'pair-disproven': 'another entry in `tokens`',
  'pair-unproven': 'a raise of this token',
  'stands-in': 'a valid policy',
};

function isRelated(a: ResourceNode | undefined, b: ResourceNode | undefined): boolean {
  return a !== undefined && b !== undefined && (isWithin(a, b) || isWithin(b, a));
}

function nodeOf({ resource }: Change, tree: ResourceTree): ResourceNode | undefined {
  return tree.find(resource);
}

function isSame(contested: SameChange, { access, resource, after }: Change): boolean {
  return (
    contested.access === access &&
    contested.after === after &&
    resourceKey(contested.resource) === resourceKey(resource)
  );
}

function pairKey({ access, tokenId }: TokenPair): string {
  return `${access} ${tokenId}`;
}
