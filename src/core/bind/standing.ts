import { principalNameText } from '../domain/account/principal.ts';
import type { BoundEntitlement, EndedEntitlement, MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import { isNear } from '../domain/plan/near-dates.ts';
import { datedPhase, type GrantMember, untilFor } from '../domain/policy/entitlement.ts';
import type { Instant } from '../domain/text/instant.ts';
import type { Place } from '../domain/text/problem.ts';

/** The grants that reach a name at a moment, in the order of the policy. Names that the same grants reach share one value. */
export interface Standing {
  readonly running: readonly MemberEntitlement[];
  readonly ended: readonly EndedEntitlement[];
  readonly ahead: readonly AheadEntitlement[];
  /** Running, ended and ahead. A grant that would end before it begins is left out. */
  readonly grants: readonly MemberEntitlement[];
  /** The lines of these grants. */
  readonly lines: readonly Place[];
  /** Whether one of them begins or ends around now. */
  readonly isDated: boolean;
}

/** A grant that has not begun for a member. */
export interface AheadEntitlement extends MemberEntitlement {
  readonly begins: Instant;
}

/** The standing of a name that no grant reaches. */
export const NO_GRANTS: Standing = { running: [], ended: [], ahead: [], grants: [], lines: [], isDated: false };

/** The grants with one list of members. */
interface Alike {
  readonly holders: readonly GrantMember[];
  readonly grants: readonly Numbered[];
}

/** A grant, and its number in the policy. */
interface Numbered {
  readonly number: number;
  readonly held: MemberEntitlement;
}

/** A name that grants reach: as a member of which lists. */
interface ReachedName {
  readonly member: GrantMember;
  readonly lists: number[];
}

/**
 * Finds what reaches each name, by `principalNameText`. Members of one list have the same grants, so the grants are collected
 * once for all names that are in the same lists and have the same `ends`.
 */
export function standings(
  entitlements: readonly BoundEntitlement[],
  now: Instant,
): ReadonlyMap<string, { readonly member: GrantMember; readonly standing: Standing }> {
  const lists = alikeGrants(entitlements);
  const known = new Map<string, Standing>();
  const standingOf = ({ member, lists: numbers }: ReachedName): Standing => {
    const key = `${numbers.join()} ${member.end ? `${member.end.end.at} ${member.end.end.text}` : ''}`;
    const standing = known.get(key) ?? toStanding(grantsIn(lists, numbers), member, now);
    known.set(key, standing);
    return standing;
  };
  const names = [...reachedNames(lists)];
  return new Map(names.map(([text, reached]) => [text, { member: reached.member, standing: standingOf(reached) }]));
}

function alikeGrants(entitlements: readonly BoundEntitlement[]): readonly Alike[] {
  const alike = new Map<readonly GrantMember[], Numbered[]>();
  for (const [number, bound] of entitlements.entries()) {
    const { holders } = bound.entitlement;
    const grants = alike.get(holders) ?? [];
    grants.push({ number, held: { bound } });
    alike.set(holders, grants);
  }
  return [...alike].map(([holders, grants]) => ({ holders, grants }));
}

function reachedNames(lists: readonly Alike[]): ReadonlyMap<string, ReachedName> {
  const names = new Map<string, ReachedName>();
  for (const [number, { holders }] of lists.entries()) {
    for (const member of holders) {
      const text = principalNameText(member.name);
      const reached = names.get(text) ?? { member, lists: [] };
      reached.lists.push(number);
      names.set(text, reached);
    }
  }
  return names;
}

function grantsIn(lists: readonly Alike[], numbers: readonly number[]): readonly MemberEntitlement[] {
  const grants = numbers.flatMap((number) => (lists[number] as Alike).grants);
  return grants.sort((a, b) => a.number - b.number).map(({ held }) => held);
}

function toStanding(all: readonly MemberEntitlement[], member: GrantMember, now: Instant): Standing {
  const running: MemberEntitlement[] = [];
  const ended: EndedEntitlement[] = [];
  const ahead: AheadEntitlement[] = [];
  for (const held of all) {
    const dated = datedPhase(held.bound.entitlement, member, now);
    if (dated.phase === 'running') running.push(held);
    else if (dated.phase === 'ended') ended.push({ ...held, until: dated.until });
    else if (dated.phase === 'ahead') ahead.push({ ...held, begins: dated.from.at });
  }
  const grants = ended.length + ahead.length === 0 ? running : [...running, ...ended, ...ahead];
  return {
    running,
    ended,
    ahead,
    grants,
    lines: grants.map(({ bound }) => bound.entitlement.grant),
    isDated: grants.some(({ bound: { entitlement } }) => {
      return isNear(entitlement.from, now) || isNear(untilFor(entitlement, member), now);
    }),
  };
}
