import { givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { ApiToken } from '../domain/account/actual-state.ts';
import { nameOf, type Principal, principalNameText } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import type { EntryFinding, HolderMark, ReviewEntry } from '../domain/answer/access-review.ts';
import type { AccessWithStatus, ExplainedResource, Reach, RowDisposition } from '../domain/answer/explanation.ts';
import { entryListing, isObservedName } from '../domain/policy/listed-people.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant, WrittenInstant } from '../domain/text/instant.ts';

/** The sources for the marks of a principal. */
export interface MarkSources {
  readonly policy: Policy;
  readonly now: Instant;
  /** The account access ids of grantd's own token, if the account lists it. */
  readonly ownAccesses: ReadonlySet<number>;
  readonly unlisted: ReadonlySet<number>;
  /** By token id; empty if the tokens were not read. */
  readonly tokens: ReadonlyMap<number, ApiToken>;
}

/** The marks of a principal, in the order of `HOLDER_MARKS`. */
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
  const marks: readonly (readonly [HolderMark, boolean])[] = [
    ['owner', isOwner],
    ['account-admin', isAdmin && !isOwner],
    ['organization', !isOwner && resources.some(({ actual }) => givesRole(actual))],
    ['protected', isExempt],
    ['ignored', entryListing(policy.ignore, name) !== null],
    ['observed', isObservedName(policy, name)],
    ['unlisted', isPerson && access !== null && unlisted.has(access)],
    ['offboarded', isOver],
    ['idle', !isUnreadable && resources.every(({ actual }) => actual.level === LEVEL.none)],
    ['own-token', !isPerson && (token?.isOwnToken === true || (access !== null && ownAccesses.has(access)))],
    ['expired', token !== undefined && token.expiresAt !== null && token.expiresAt <= now],
    ['unreadable', isUnreadable],
  ];
  return marks.filter(([, applies]) => applies).map(([mark]) => mark);
}

/** The API token of a principal; undefined for people, and for tokens that were not read. */
export function tokenOf(principal: Principal, { tokens }: MarkSources): ApiToken | undefined {
  return principal.kind === 'token' ? tokens.get(principal.tokenId) : undefined;
}

/** The findings of one line, in the order of `ENTRY_FINDINGS`. */
export function findingsOf(
  entry: ExplainedResource,
  marks: readonly HolderMark[],
  tree: ResourceTree,
): readonly EntryFinding[] {
  const { actual, entitled, reasons, resource, dispositions } = entry;
  const own = dispositions.filter(({ on }) => resourceKey(on) === resourceKey(resource));
  const has = (kind: RowDisposition['kind']) => own.some((disposition) => disposition.kind === kind);
  const isMore = actual.level > entitled.level;
  const gaveIt = reasons.some(
    ({ cause, covers }) =>
      cause.kind === 'ended' && covers === 'certain' && toAccessLevel(cause.level) > entitled.level,
  );
  const findings: readonly (readonly [EntryFinding, boolean])[] = [
    ['not-granted', isMore && !isBeyondPolicies(marks) && !isOrganization(actual.by)],
    ['missing', actual.level < entitled.level && !marks.includes('unreadable')],
    ['ended-still-there', isMore && gaveIt],
    ['redundant', has('redundant')],
    ['unmanageable', has('unmanageable')],
    ['waiting', has('deferred')],
    ['held-by-guard', has('held')],
    ['observed', has('observed')],
    // An organization lies above the account, so no tree shows it.
    ['not-shown', resource.type !== 'organization' && tree.find(resource) === undefined],
    ['perhaps-more', actual.perhaps !== null],
  ];
  return findings.filter(([, applies]) => applies).map(([finding]) => finding);
}

function givesRole({ level, by }: Reach): boolean {
  return isOrganization(by) && givenBy(level) > LEVEL.none;
}

function isOrganization(by: Reach['by']): boolean {
  return by?.type === 'organization';
}

/** No grant can give the access of an owner or change grantd's own token: they have a mark, and no finding `not-granted`. */
function isBeyondPolicies(marks: readonly HolderMark[]): boolean {
  return marks.includes('owner') || marks.includes('own-token');
}

/**
 * The period in which the policy grants the present level. All grants of that level run now, so the period is from the
 * earliest start to the latest end. If one of them has no date, neither has the period.
 */
export function grantedPeriod({ reasons, entitled }: ExplainedResource): Pick<ReviewEntry, 'since' | 'until'> {
  const giving = reasons.flatMap(({ cause, from, covers }) =>
    cause.kind === 'grant' && covers === 'certain' && toAccessLevel(cause.level) === entitled.level
      ? [{ from, until: cause.until }]
      : [],
  );
  return {
    since: outermost(
      giving.map(({ from }) => from),
      (a, b) => a.at < b.at,
    ),
    until: outermost(
      giving.map(({ until }) => until),
      (a, b) => a.at > b.at,
    ),
  };
}

function outermost(
  dates: readonly (WrittenInstant | null)[],
  isFurther: (a: WrittenInstant, b: WrittenInstant) => boolean,
): WrittenInstant | null {
  const [first = null, ...others] = dates;
  return others.reduce(
    (far, date) => (far === null || date === null ? null : isFurther(date, far) ? date : far),
    first,
  );
}
