import { LEVEL } from '../domain/account/access-level.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { AccessShift, ComparedStatus, SilentReason, SilentShift } from '../domain/answer/comparison.ts';
import { grantPhase } from '../domain/policy/entitlement.ts';
import { type GrantCause, grantCause } from '../domain/policy/grant-cause.ts';
import { isObservedName } from '../domain/policy/listed-people.ts';
import type { PeopleAndResources, Policy } from '../domain/policy/policy.ts';
import { covers, coversCertainly } from '../domain/policy/ref-cover.ts';
import type { Instant } from '../domain/text/instant.ts';
import { certainlyReaching, type Giving, knownLevel } from './coverage.ts';
import { type Entry, wordsOf } from './entry.ts';
import { isProtected } from './policy-status.ts';
import { riskOf } from './risk.ts';

/** The same words in both policies. If the new policy lacks them, `entry` is the one of the old policy. */
export interface Pair {
  readonly entry: Entry;
  readonly own: Pick<SilentShift, 'before' | 'after'>;
}

/** A pair with the change of access that results, including everything else that both policies say about the name. */
export interface JudgedPair extends Pair {
  readonly shift: AccessShift;
}

/** Finds the levels before and after on the resource of a pair, and the grants behind them. */
export function judgePair(name: PrincipalName, pair: Pair, old: Giving, next: Giving, now: Instant): JudgedPair {
  const { entry } = pair;
  const before = knownLevel(entry, old);
  const after = knownLevel(entry, next);
  const isLoss = after.level < before.level;
  const was = causesOf(entry, old, now).filter(({ level }) => levelOf(level) > after.level);
  const left = causesOf(entry, next, now).filter(({ level }) => levelOf(level) >= after.level);
  return {
    ...pair,
    shift: {
      risk: riskOf(entry.ref.selector.type === 'account', before.level, after.level),
      name,
      principal: null,
      access: null,
      resource: wordsOf(entry),
      before,
      after,
      below: 0,
      was: isLoss ? was : [],
      now: isLoss ? [...endedCauses(entry, next, now), ...left] : left,
    },
  };
}

/** Why words that differ make no difference in access; null if they do. */
export function silenceOf(
  name: PrincipalName,
  { entry, shift: { before, after } }: JudgedPair,
  status: ComparedStatus,
  policy: Policy,
): SilentReason | null {
  if (status === 'ignored' || isListed(entry, policy.ignore)) return 'ignored';
  if (isObservedName(policy, name) || isListed(entry, policy.observe)) return 'observed';
  if (isOutside(entry, policy)) return 'outside-manage';
  if (after.level === before.level) return 'other-words';
  if (after.level > before.level) return null;
  if (policy.mode === 'additive') return 'additive';
  return isProtected(policy, name) ? 'protected' : null;
}

function isListed({ ref }: Entry, { resources }: PeopleAndResources): boolean {
  return resources.some(({ selector }) => coversCertainly(selector, ref.selector));
}

function isOutside({ ref }: Entry, { manage }: Policy): boolean {
  return manage?.every(({ selector }) => covers(selector, ref.selector) === 'never') ?? false;
}

function levelOf(level: GrantCause['level']): number {
  return level === 'admin' ? LEVEL.admin : LEVEL.viewer;
}

function causesOf(target: Entry, giving: Giving, now: Instant): readonly GrantCause[] {
  return certainlyReaching(target, giving)
    .flatMap(({ gifts }) => gifts)
    .filter(({ entitlement, holder }) => grantPhase(entitlement, holder, now) === 'running')
    .map((gift) => grantCause('grant', gift));
}

function endedCauses({ key }: Entry, { entries }: Giving, now: Instant): readonly GrantCause[] {
  return (entries.get(key)?.gifts ?? [])
    .filter(({ entitlement, holder }) => grantPhase(entitlement, holder, now) === 'ended')
    .map((gift) => grantCause('ended', gift));
}
