import { LEVEL } from '../domain/account/access-level.ts';
import type { ApiToken } from '../domain/account/actual-state.ts';
import { nameOf, type Principal, principalNameText } from '../domain/account/principal.ts';
import type { HolderMark } from '../domain/answer/access-review.ts';
import type { AccessWithStatus } from '../domain/answer/explanation.ts';
import { matchesFolded } from '../domain/policy/name-pattern.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';

/** What tells the marks of a holder. */
export interface MarkSources {
  readonly policy: Policy;
  readonly now: Instant;
  /** Account access ids of grantd's own token, where the account lists it. */
  readonly ownAccesses: ReadonlySet<number>;
  readonly unlisted: ReadonlySet<number>;
  /** By token id; empty where the tokens were not read. */
  readonly tokens: ReadonlyMap<number, ApiToken>;
}

/** What stands out of somebody as a whole, in the order of `HOLDER_MARKS`. */
export function marksOf(holder: AccessWithStatus, sources: MarkSources): readonly HolderMark[] {
  const { principal, access, resources, excluded } = holder;
  const { policy, now, ownAccesses, unlisted } = sources;
  const name = nameOf(principal);
  const isPerson = principal.kind !== 'token';
  const token = tokenOf(principal, sources);
  const isUnreadable = excluded === 'rows-unreadable';
  const isOwner = resources.some(({ row, actual }) => Math.max(row, actual.level) === LEVEL.owner);
  const isAdmin = resources.some(({ resource, actual }) => resource.type === 'account' && actual.level >= LEVEL.admin);
  const isOver = policy.ends.some(({ email, end }) => 'email' in name && email === name.email && end.at <= now);
  const isExempt = policy.protected.some((one) => principalNameText(one) === principalNameText(name));
  const isIgnored = isPerson && policy.ignore.people.some(({ pattern }) => matchesFolded(pattern, principal.email));
  const marks: readonly (readonly [HolderMark, boolean])[] = [
    ['owner', isOwner],
    ['account-admin', isAdmin && !isOwner],
    ['protected', isExempt],
    ['ignored', isIgnored],
    ['unlisted', isPerson && access !== null && unlisted.has(access)],
    ['offboarded', isOver],
    ['idle', !isUnreadable && resources.every(({ actual }) => actual.level === LEVEL.none)],
    ['own-token', !isPerson && (token?.isOwnToken === true || (access !== null && ownAccesses.has(access)))],
    ['expired', token !== undefined && token.expiresAt !== null && token.expiresAt <= now],
    ['unreadable', isUnreadable],
  ];
  return marks.filter(([, applies]) => applies).map(([mark]) => mark);
}

export function tokenOf(principal: Principal, { tokens }: MarkSources): ApiToken | undefined {
  return principal.kind === 'token' ? tokens.get(principal.tokenId) : undefined;
}
