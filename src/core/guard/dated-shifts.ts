import { type AccessLevel, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { effectiveLevel } from '../domain/account/effective-access.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import {
  type BoundEntitlement,
  type BoundRow,
  levelsOfGrants,
  type MemberEntitlement,
} from '../domain/plan/bound-entitlement.ts';
import type { DatedName } from '../domain/plan/desired-state.ts';
import { grantPhase, untilFor } from '../domain/policy/entitlement.ts';
import type { Instant, WrittenInstant } from '../domain/text/instant.ts';

/** What one date changes for one name: what a grant gives from then on, or gave until then, and no other grant gives. */
export interface DatedShift {
  readonly kind: 'begins' | 'ends';
  readonly at: WrittenInstant;
  readonly dated: DatedName;
  readonly grant: MemberEntitlement;
  readonly rows: readonly BoundRow[];
  /** Whether it makes them account admin, or ends that. */
  readonly isAccountAdmin: boolean;
}

/** The moments after `after`, up to and including `to`. */
export interface Period {
  readonly after: Instant;
  readonly to: Instant;
}

/** Returns a function that finds what the dates of a name change within a period, in the order of the policy. */
export function shiftFinder({ after, to }: Period): (dated: DatedName) => readonly DatedShift[] {
  const isWithin = (date: WrittenInstant | null): date is WrittenInstant =>
    date !== null && date.at > after && date.at <= to;
  const rowsBeyond = beyondFinder();
  return (dated) =>
    dated.grants.flatMap((grant): readonly DatedShift[] => {
      const { entitlement } = grant.bound;
      const { from } = entitlement;
      const until = untilFor(entitlement, dated);
      return [
        // A renewal gives what another grant gave up to that very moment.
        ...(isWithin(from) ? shift('begins', from, dated, grant, rowsBeyond(grant, running(dated, from.at - 1))) : []),
        ...(isWithin(until) ? shift('ends', until, dated, grant, rowsBeyond(grant, running(dated, until.at))) : []),
      ];
    });
}

function running(dated: DatedName, at: Instant): readonly MemberEntitlement[] {
  return dated.grants.filter(({ bound }) => grantPhase(bound.entitlement, dated, at) === 'running');
}

function shift(
  kind: DatedShift['kind'],
  at: WrittenInstant,
  dated: DatedName,
  grant: MemberEntitlement,
  rows: readonly BoundRow[],
): readonly DatedShift[] {
  if (rows.length === 0) return [];
  const isAccountAdmin = rows.some(({ node, level }) => node.type === 'account' && toAccessLevel(level) >= LEVEL.admin);
  return [{ kind, at, dated, grant, rows, isAccountAdmin }];
}

/**
 * Returns a function that finds the rows of a grant that others do not give as well. Members of one group mostly have the same
 * others, so each answer is computed once.
 */
function beyondFinder(): (grant: MemberEntitlement, others: readonly MemberEntitlement[]) => readonly BoundRow[] {
  const ids = new Map<BoundEntitlement, number>();
  const idOf = ({ bound }: MemberEntitlement) => {
    const id = ids.get(bound) ?? ids.size;
    ids.set(bound, id);
    return id;
  };
  const levels = new Map<string, ReadonlyMap<ResourceNode, AccessLevel>>();
  const answers = new Map<string, readonly BoundRow[]>();
  return (grant, others) => {
    const given = others.map(idOf).join();
    const key = `${idOf(grant)} ${given}`;
    const known = answers.get(key);
    if (known) return known;
    const byOthers = levels.get(given) ?? levelsOfGrants(others);
    levels.set(given, byOthers);
    const rows = grant.bound.rows.filter(({ node, level }) => toAccessLevel(level) > effectiveLevel(byOthers, node));
    answers.set(key, rows);
    return rows;
  };
}
