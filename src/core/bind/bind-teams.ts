import { type AccessLevel, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { MemberEntitlement, TeamReach } from '../domain/plan/bound-entitlement.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { TeamAuthority } from '../domain/plan/team-authority.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Team } from '../domain/policy/team.ts';
import type { ResourceIndex } from './resource-index.ts';
import { selectWithNotice, typeAndBelow, withBelow } from './select-resources.ts';

/** The teams of a policy, bound to the resources of an account. */
export interface BoundTeams {
  /** Null for a team that may decide everything: its file is as good as the root file. */
  readonly reachOf: (team: Team) => TeamReach | null;
  /** The unresolved names of `may`. */
  readonly unresolved: readonly ResourceRef[];
  readonly notices: readonly Notice[];
}

/** Binds what each team may decide. An unresolved name of `may` lets the team give nothing, and takes nothing that it may mean. */
export function bindTeams(teams: readonly Team[], index: ResourceIndex): BoundTeams {
  const notices: Notice[] = [];
  const unresolved: ResourceRef[] = [];
  const reaches = new Map(
    teams.map((team) => {
      const tops = new Set<ResourceNode>();
      const doubts = new Set<ResourceNode>();
      const waiting: ResourceRef[] = [];
      for (const ref of team.may) {
        const consequence = `until it matches exactly one, the team ${team.name} gives nothing there, and nobody whom it names loses anything on any ${ref.selector.type} and below`;
        const { selection, notice } = selectWithNotice(ref, index, consequence);
        if (notice) notices.push(notice);
        if (selection.kind === 'resolved') for (const node of selection.nodes) tops.add(node);
        else {
          waiting.push(ref);
          for (const node of typeAndBelow(ref, index)) doubts.add(node);
        }
      }
      unresolved.push(...waiting);
      const within = withBelow(tops, index.tree.nodes);
      return [
        team,
        { within, doubts, unresolved: waiting.map(({ text }) => text), upTo: toAccessLevel(team.upTo) },
      ] as const;
    }),
  );
  const reachOf = (team: Team) => {
    const reach = reaches.get(team) as TeamReach;
    return reach.upTo === LEVEL.admin && reach.within.has(index.tree.root) ? null : reach;
  };
  return { reachOf, unresolved, notices };
}

/** Finds what team files decide by some grants of theirs, once for all grants of the same files. Null if one is of the root file. */
export function authorityFinder(): (grants: readonly MemberEntitlement[]) => FilesDecide | null {
  const known = new Map<string, FilesDecide>();
  return (grants) => {
    const teams = new Map<Team, TeamReach>();
    for (const { bound } of grants) {
      if (bound.entitlement.team === null || bound.reach === null) return null;
      teams.set(bound.entitlement.team, bound.reach);
    }
    const key = [...teams.keys()].map(({ name }) => name).join();
    const authority = known.get(key) ?? decidedTogether([...teams]);
    known.set(key, authority);
    return authority;
  };
}

type FilesDecide = Omit<TeamAuthority, 'revokedAt' | 'shielding' | 'isNamedLater'>;

function decidedTogether(teams: readonly (readonly [Team, TeamReach])[]): FilesDecide {
  const upTo = new Map<ResourceNode, AccessLevel>();
  const doubts = new Map<ResourceNode, AccessLevel>();
  for (const [, reach] of teams) {
    const level = reach.upTo;
    for (const node of reach.within) upTo.set(node, Math.max(level, upTo.get(node) ?? LEVEL.none));
    for (const node of reach.doubts) doubts.set(node, Math.max(level, doubts.get(node) ?? LEVEL.none));
  }
  return {
    files: teams.map(([{ file }]) => file),
    upTo,
    doubts,
    unresolved: teams.flatMap(([, { unresolved }]) => unresolved),
  };
}
