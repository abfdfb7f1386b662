import { batchesOf, isGain } from '../domain/plan/batch.ts';
import { changeKey } from '../domain/plan/change-key.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Change, Deferred, DeferredReason, Difference } from '../domain/plan/plan.ts';
import type { TokenPair } from '../domain/plan/restraints.ts';
import { type Instant, instantText } from '../domain/text/instant.ts';
import { deferReliant, type Parted, reliance } from './defer-reliant.ts';
import type { GuardInput } from './guard-input.ts';
import { takesAdminBack } from './limit-pools.ts';
import { endsBehind } from './loss-by-end.ts';

/** What a change waits for, by the reason why it is not written now. */
const WAITS_FOR = {
  contested: 'the next daily retry',
  'pair-disproven': 'another entry in `tokens`',
  'pair-unproven': 'a raise of this token',
  fallback: 'a valid policy',
} as const satisfies Partial<Record<DeferredReason, string>>;

type Restraint = keyof typeof WAITS_FOR;

/**
 * Takes the changes out of a difference that must wait because of what grantd remembers, before the guards judge it. They are
 * deferred, never lost: changes and deferred ones together are the same with any memory and with none.
 */
export function applyDeferrals(input: GuardInput): Difference {
  const { difference, actual, desired } = input;
  const reasonOf = reasonsToWait(input);
  const retries = new Map(input.restraints.contested.map((one) => [changeKey(one), one.retryAt]));
  const retryAt = (change: Change) => retries.get(changeKey(change));
  const unproven = unprovenTokens(input);
  const relies = reliance(actual.tree, desired);
  const parts = batchesOf(difference.changes).map(({ access, changes }) => {
    const part = deferReliant(splitBy(changes, reasonOf, retryAt), relies);
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

/** By access, the names of the tokens whose pair of ids neither the account nor a write has confirmed. */
function unprovenTokens({ difference, resolved, restraints }: GuardInput): ReadonlyMap<number, string> {
  const proven = new Set(restraints.provenPairs.map(pairKey));
  const unproven = new Set(difference.unproven);
  const tokens = resolved.policy.tokens.filter((token) => unproven.has(token.access) && !proven.has(pairKey(token)));
  return new Map(tokens.sort((a, b) => a.access - b.access).map(({ access, name }) => [access, name]));
}

/** Why a change must wait, or null. Reasons that only a person can resolve come first. */
function reasonsToWait(input: GuardInput): (change: Change) => Restraint | null {
  const { desired, resolved, restraints } = input;
  const disproven = new Set(restraints.disprovenPairs.map(pairKey));
  const contested = new Set(restraints.contested.map(changeKey));
  const endsOf = endsBehind(desired, resolved);
  const takesBack = takesAdminBack(input);
  const waitsForPolicy = (change: Change) => restraints.fallback && endsOf(change).length === 0 && !takesBack(change);
  return (change) => {
    const { principal, access } = change;
    const isToken = principal.kind === 'token';
    if (isToken && disproven.has(pairKey({ access, tokenId: principal.tokenId }))) return 'pair-disproven';
    if (waitsForPolicy(change)) return 'fallback';
    return contested.has(changeKey(change)) ? 'contested' : null;
  };
}

function splitBy(
  changes: readonly Change[],
  reasonOf: (change: Change) => Restraint | null,
  retryAt: (change: Change) => Instant | undefined,
): Parted {
  const kept: Change[] = [];
  const deferred: Deferred[] = [];
  for (const change of changes) {
    const reason = reasonOf(change);
    if (reason === null) kept.push(change);
    else deferred.push(waiting(change, reason, reason === 'contested' ? retryAt(change) : undefined));
  }
  return { changes: kept, deferred };
}

/** Only a raise can prove a pair of ids: without one, grantd writes nothing of an unproven token. */
export function deferWithoutRaise({ changes, deferred }: Parted): Parted {
  if (changes.some(isGain)) return { changes, deferred };
  return { changes: [], deferred: [...deferred, ...changes.map((change) => waiting(change, 'pair-unproven'))] };
}

function waiting(change: Change, reason: Restraint, at?: Instant): Deferred {
  return { change, reason, waitsFor: at === undefined ? WAITS_FOR[reason] : `the first run after ${instantText(at)}` };
}

function unprovenNotice([access, name]: readonly [number, string]): Notice {
  return {
    code: 'unproven-token',
    message: `token:${name}: it is not yet confirmed that access ${access} belongs to this token; grantd first raises one row and checks that it appears on this token`,
    remedy: 'if the raise does not appear, check both ids under `tokens`',
    at: null,
  };
}

function pairKey({ access, tokenId }: TokenPair): string {
  return `${access} ${tokenId}`;
}
