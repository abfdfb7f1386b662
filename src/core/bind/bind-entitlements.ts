import { nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { BoundEntitlement, BoundRow, TeamReach } from '../domain/plan/bound-entitlement.ts';
import { isPlanned, type Scope } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { mayConcern } from '../domain/plan/team-authority.ts';
import type { EntitledResource, Entitlement } from '../domain/policy/entitlement.ts';
import { isPattern, type ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Team } from '../domain/policy/team.ts';
import { lineFrom } from '../domain/text/problem.ts';
import type { RenamedFinder } from './renamed-resource.ts';
import type { ResourceIndex } from './resource-index.ts';
import { doubtFinder, selectWithNotice, withBelow } from './select-resources.ts';

/** One grant, bound to the resources that its names and patterns match today, with the notices about it. */
export interface BoundWithNotices {
  readonly bound: BoundEntitlement;
  /** In lists, some of which grants of one role share. */
  readonly notices: readonly (readonly Notice[])[];
}

/** What binding a grant needs beside the resources. */
interface Around {
  readonly scope: Scope;
  readonly reachOf: (team: Team) => TeamReach | null;
  /** Asks which resource an unresolved name may have meant before. Absent: nobody is asked. */
  readonly renamed?: RenamedFinder;
}

/**
 * Returns a function that binds grants, and each role once. A pattern skips ignored and unmanaged resources, with a notice. An
 * unresolved name binds nothing; it marks every resource that it may mean, so that no one loses access there. What a team's grant
 * names outside its `may` is unresolved as well. Its marks never reach above or beside its `may`.
 */
export function entitlementBinder(
  index: ResourceIndex,
  { scope, reachOf, renamed = () => null }: Around,
): (entitlement: Entitlement) => BoundWithNotices {
  const known = new Map<Team | null, Map<Entitlement['resources'], BoundResources>>();
  const doubtsOf = doubtFinder(index);
  return (entitlement) => {
    const { resources, team } = entitlement;
    const reach = team === null ? null : reachOf(team);
    const ofTeam = known.get(team) ?? new Map<Entitlement['resources'], BoundResources>();
    known.set(team, ofTeam);
    const given = ofTeam.get(resources) ?? bindResources(entitlement, { index, scope, renamed, doubtsOf, reach });
    ofTeam.set(resources, given);
    const { rows, kept, unresolved } = given;
    if (entitlement.except.length === 0)
      return { bound: { entitlement, rows, kept, unresolved, unresolvedExcept: [], reach }, notices: [given.notices] };
    const { excluded, unresolvedExcept, notices } = bindExcept(entitlement, index);
    const left = rows.filter(({ node }) => !excluded.has(node));
    const whole = { entitlement, rows: left, kept, unresolved, unresolvedExcept, reach };
    return {
      bound: reach === null || unresolvedExcept.length === 0 ? whole : inDoubt(whole, reach),
      notices: [notices, given.problems, given.skipped.flatMap((one) => skippedNotice(one, excluded))],
    };
  };
}

/** What the resources of a grant or a role are in the account. */
interface BoundResources extends Pick<BoundEntitlement, 'rows' | 'kept' | 'unresolved'> {
  /** About names that are unresolved and patterns that match nothing. */
  readonly problems: readonly Notice[];
  readonly skipped: readonly Skipped[];
  /** All notices, if no `except` excludes any of what is skipped. */
  readonly notices: readonly Notice[];
}

/** The ignored and unmanaged resources that a pattern matches. */
interface Skipped {
  readonly ref: ResourceRef;
  readonly nodes: readonly ResourceNode[];
}

interface Binding extends Required<Omit<Around, 'reachOf'>> {
  readonly index: ResourceIndex;
  readonly reach: TeamReach | null;
  readonly doubtsOf: (ref: ResourceRef) => ReadonlySet<ResourceNode>;
}

function bindResources(entitlement: Entitlement, binding: Binding): BoundResources {
  const { index, scope, renamed, doubtsOf, reach } = binding;
  const problems: Notice[] = [];
  const skipped: Skipped[] = [];
  const rows = new DistinctRows();
  const kept = new Set<ReadonlySet<ResourceNode>>();
  const unresolved: ResourceRef[] = [];
  for (const entitled of entitlement.resources) {
    const ref = entitled.resource;
    const consequence = `until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any ${ref.selector.type}, or on what may be above or below it`;
    const { selection, notice } = selectWithNotice(ref, index, consequence, () => renamed(ref, entitlement));
    if (notice) problems.push(notice);
    const outside =
      selection.kind === 'resolved' && reach !== null
        ? selection.nodes.find((node) => !reach.within.has(node))
        : undefined;
    if (outside !== undefined) problems.push(beyondNotice(ref, outside, entitlement.team as Team));
    if (selection.kind === 'unresolved' || outside !== undefined) {
      unresolved.push(ref);
      kept.add(reach === null ? doubtsOf(ref) : concerned(doubtsOf(ref), reach));
      continue;
    }
    const skips = (node: ResourceNode) => isPattern(ref.selector) && !isPlanned(scope, node);
    skipped.push({ ref, nodes: selection.nodes.filter(skips) });
    for (const node of selection.nodes) if (!skips(node)) rows.add(node, entitled);
  }
  const notices = [...problems, ...skipped.flatMap((one) => skippedNotice(one, NOTHING))];
  return { rows: rows.all(), kept, unresolved, problems, skipped, notices };
}

/** A grant of a team whose `except` is unresolved gives nothing, and keeps what the team may decide. It never stops what others give. */
function inDoubt({ unresolvedExcept, ...bound }: BoundEntitlement, { within, doubts }: TeamReach): BoundEntitlement {
  const unresolved = [...bound.unresolved, ...unresolvedExcept];
  return { ...bound, rows: [], kept: new Set([within, doubts]), unresolved, unresolvedExcept: [] };
}

function concerned(nodes: ReadonlySet<ResourceNode>, reach: TeamReach): ReadonlySet<ResourceNode> {
  return new Set([...nodes].filter((node) => mayConcern(reach, node)));
}

function beyondNotice(ref: ResourceRef, node: ResourceNode, { name, at }: Team): Notice {
  return {
    code: 'beyond-scope',
    message: `${ref.text} is ${nodeLabel(node)}, which is not within what the team ${name} may decide, so this line gives nothing`,
    remedy: `correct it, or ask the owners of ${lineFrom(ref.at, at)} to widen \`may\``,
    at: ref.at,
  };
}

/** The rows of a grant. Where several of its patterns give one level on one resource, the first one stands for all. */
class DistinctRows {
  readonly #rows = new Map<ResourceNode, BoundRow[]>();
  readonly #inOrder: BoundRow[] = [];

  add(node: ResourceNode, from: EntitledResource): void {
    const { level } = from;
    const known = this.#rows.get(node) ?? [];
    if (known.some((row) => row.level === level)) return;
    const row = { node, level, from };
    this.#rows.set(node, [...known, row]);
    this.#inOrder.push(row);
  }

  all(): readonly BoundRow[] {
    return this.#inOrder;
  }
}

function bindExcept(
  entitlement: Entitlement,
  index: ResourceIndex,
): {
  readonly excluded: ReadonlySet<ResourceNode>;
  readonly unresolvedExcept: readonly ResourceRef[];
  readonly notices: readonly Notice[];
} {
  const notices: Notice[] = [];
  const tops = new Set<ResourceNode>();
  const unresolvedExcept: ResourceRef[] = [];
  for (const ref of entitlement.except) {
    const { selection, notice } = selectWithNotice(
      ref,
      index,
      'until it matches exactly one, grantd changes no one whom this grant reaches',
    );
    if (notice) notices.push(notice);
    if (selection.kind === 'unresolved') unresolvedExcept.push(ref);
    else for (const node of selection.nodes) tops.add(node);
  }
  return { excluded: withBelow(tops, index.tree.nodes), unresolvedExcept, notices };
}

const NOTHING: ReadonlySet<ResourceNode> = new Set();

function skippedNotice({ ref, nodes }: Skipped, excluded: ReadonlySet<ResourceNode>): readonly Notice[] {
  const labels = nodes
    .filter((node) => !excluded.has(node))
    .map(nodeLabel)
    .sort();
  if (labels.length === 0) return [];
  const shown = labels.slice(0, 5).join(', ') + (labels.length > 5 ? ', …' : '');
  return [
    {
      code: 'pattern-skips',
      message: `${ref.text} skips ${labels.length} ignored or unmanaged: ${shown}`,
      remedy: 'nothing to do if that is intended; otherwise change `ignore` or `manage`',
      at: ref.at,
    },
  ];
}
