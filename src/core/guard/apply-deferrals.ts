import { resourceKey } from '../domain/account/resource.ts';
import { batchesOf, isGain } from '../domain/plan/batch.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Change, Deferred, DeferredReason, Difference } from '../domain/plan/plan.ts';
import type { SameChange, TokenPair } from '../domain/plan/restraints.ts';
import { deferReliant, type Parted } from './defer-reliant.ts';
import type { GuardInput } from './guard-input.ts';
import { endsBehind } from './loss-by-end.ts';

/** What a change waits for, by why it is not written now. */
const WAITS_FOR = {
  contested: 'the next daily try',
  'pair-disproven': 'another entry in `tokens`',
  'pair-unproven': 'a raise of this token',
  fallback: 'a valid policy',
} as const satisfies Partial<Record<DeferredReason, string>>;

type Restraint = keyof typeof WAITS_FOR;

/**
 * Takes out of a difference what is remembered not to be written now, before any guard judges it. What is taken out is
 * deferred, never lost: changes and deferred together are the same with every memory and with none.
 */
export function applyDeferrals(found: GuardInput): Difference {
  const { difference, actual } = found;
  const reasonOf = reasonsToWait(found);
  const unproven = unprovenTokens(found);
  const parts = batchesOf(difference.changes).map(({ access, changes }) => {
    const part = deferReliant(partBy(changes, reasonOf), actual.tree);
    return unproven.has(access) ? deferWithoutRaise(part) : part;
  });
  return {
    ...difference,
    unproven: [...unproven.keys()],
    changes: parts.flatMap((part) => part.changes),
    deferred: [...difference.deferred, ...parts.flatMap((part) => part.deferred)],
    notices: [...difference.notices, ...[...unproven].map(unprovenNotice)],
  };
}

/** By access, the names of the tokens whose pair neither the account nor a write has proved. */
function unprovenTokens({ difference, resolved, restraints }: GuardInput): ReadonlyMap<number, string> {
  const proven = new Set(restraints.provenPairs.map(pairKey));
  const unproven = new Set(difference.unproven);
  const tokens = resolved.policy.tokens.filter((token) => unproven.has(token.access) && !proven.has(pairKey(token)));
  return new Map(tokens.sort((a, b) => a.access - b.access).map(({ access, name }) => [access, name]));
}

/** Why a change is not to be written now, or null. What only a person can settle is told first. */
function reasonsToWait({ desired, resolved, restraints }: GuardInput): (change: Change) => Restraint | null {
  const disproven = new Set(restraints.disprovenPairs.map(pairKey));
  const contested = new Set(restraints.contested.map(sameKey));
  const endsOf = endsBehind(desired, resolved);
  return (change) => {
    const { principal, access } = change;
    const isToken = principal.kind === 'token';
    if (isToken && disproven.has(pairKey({ access, tokenId: principal.tokenId }))) return 'pair-disproven';
    if (restraints.fallback && endsOf(change).length === 0) return 'fallback';
    return contested.has(sameKey(change)) ? 'contested' : null;
  };
}

function partBy(changes: readonly Change[], reasonOf: (change: Change) => Restraint | null): Parted {
  const kept: Change[] = [];
  const deferred: Deferred[] = [];
  for (const change of changes) {
    const reason = reasonOf(change);
    if (reason === null) kept.push(change);
    else deferred.push(waiting(change, reason));
  }
  return { changes: kept, deferred };
}

/** Only a raise can prove a pair of ids: without one nothing of an unproven token is written. */
export function deferWithoutRaise({ changes, deferred }: Parted): Parted {
  if (changes.some(isGain)) return { changes, deferred };
  return { changes: [], deferred: [...deferred, ...changes.map((change) => waiting(change, 'pair-unproven'))] };
}

function waiting(change: Change, reason: Restraint): Deferred {
  return { change, reason, waitsFor: WAITS_FOR[reason] };
}

function unprovenNotice([access, name]: readonly [number, string]): Notice {
  return {
    code: 'unproven-token',
    message: `token:${name}: nothing proves yet that access ${access} is this token's; its first write will be one raise of one row`,
    remedy: 'check both ids under `tokens` if that raise does not show',
    at: null,
  };
}

function sameKey({ access, resource, after }: SameChange): string {
  return `${access} ${resourceKey(resource)} ${after}`;
}

function pairKey({ access, tokenId }: TokenPair): string {
  return `${access} ${tokenId}`;
}
