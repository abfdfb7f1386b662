import { type AccessLevel, LEVEL, toAccessLevel } from '../account/access-level.ts';
import type { ResourceNode } from '../account/resource-tree.ts';
import type { Place } from '../text/problem.ts';
import type { MemberEntitlement, TeamReach } from './bound-entitlement.ts';

/** By resource, the highest level of a row that team files decide. */
type LevelsDecided = ReadonlyMap<ResourceNode, AccessLevel>;

/**
 * What follows for someone whom only team files name: these decide the rows within their `may`, up to their `upTo`. All other rows
 * are judged as those of someone unlisted.
 */
export interface TeamAuthority {
  /** The files, in the order of the grants. */
  readonly files: readonly string[];
  readonly upTo: LevelsDecided;
  /** As `upTo`, for what an unresolved name of `may` may mean: rows there wait until it matches one. */
  readonly doubts: LevelsDecided;
  /** The unresolved names of `may`, as written. */
  readonly unresolved: readonly string[];
  /** The line of `unlisted` that takes the other rows. Null: they stay. */
  readonly revokedAt: Place | null;
  /** Whether a grant of the root file names them that has not begun. */
  readonly isNamedLater: boolean;
  /** Their grants that begin soon. They shield the other rows, as those of someone unlisted. */
  readonly shielding: readonly MemberEntitlement[];
}

/** Who decides a row of someone whom only team files name: these, nobody as long as a name of `may` is unresolved, or `unlisted`. */
export function decidedBy(
  { upTo, doubts }: TeamAuthority,
  node: ResourceNode,
  level: AccessLevel,
): 'teams' | 'doubt' | 'unlisted' {
  if (isUpTo(level, upTo.get(node))) return 'teams';
  return isUpTo(level, doubts.get(node)) ? 'doubt' : 'unlisted';
}

/** Nothing is above admin that grantd could write. */
function isUpTo(level: AccessLevel, most: AccessLevel = LEVEL.none): boolean {
  return most === LEVEL.admin || level <= most;
}

/** Whether a team may decide something of a resource, as far as nobody knows better. */
export function mayConcern({ within, doubts }: TeamReach, node: ResourceNode): boolean {
  return within.has(node) || doubts.has(node);
}

/** Up to which level something keeps a row of a resource. `NOTHING_KEPT`: it does not keep it. */
export type Keeping = (node: ResourceNode) => AccessLevel;

/** What the root file gives keeps rows of any level. */
export const ANY_LEVEL: AccessLevel = Number.POSITIVE_INFINITY;

/** Below every level. */
export const NOTHING_KEPT: AccessLevel = -1;

/** Up to which level a grant in doubt keeps rows: what a team may not decide, its file never keeps. */
export function keptByGrant({ bound: { reach } }: MemberEntitlement, node: ResourceNode): AccessLevel {
  if (reach === null) return ANY_LEVEL;
  return mayConcern(reach, node) ? (reach.upTo === LEVEL.admin ? ANY_LEVEL : reach.upTo) : NOTHING_KEPT;
}

/**
 * Up to which level a row that is not in place keeps others, above and below it: any level if the root file gives it, and only what
 * the teams may decide if only their files do. `gives` is what the row gives now.
 */
export function keptFor(running: readonly MemberEntitlement[], missing: ResourceNode, gives: AccessLevel): Keeping {
  const givers = running.filter(({ bound }) =>
    bound.rows.some((row) => row.node === missing && toAccessLevel(row.level) > gives),
  );
  if (givers.some(({ bound }) => bound.reach === null)) return () => ANY_LEVEL;
  return (node) => Math.max(NOTHING_KEPT, ...givers.map((held) => keptByGrant(held, node)));
}
