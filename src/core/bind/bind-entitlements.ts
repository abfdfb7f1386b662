import { nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { type BoundEntitlement, type BoundRow, isPlanned, type Scope } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { EntitledResource, Entitlement } from '../domain/policy/entitlement.ts';
import { isPattern, type ResourceRef } from '../domain/policy/resource-ref.ts';
import type { RenamedFinder } from './renamed-resource.ts';
import type { ResourceIndex } from './resource-index.ts';
import { doubtFinder, selectWithNotice, withBelow } from './select-resources.ts';

/** One grant, bound to the resources that its names and patterns match today, with the notices about it. */
export interface BoundWithNotices {
  readonly bound: BoundEntitlement;
  /** In lists, some of which grants of one role share. */
  readonly notices: readonly (readonly Notice[])[];
}

/**
 * Returns a function that binds grants, and each role once. A pattern skips ignored and unmanaged resources, with a notice. An
 * unresolved name binds nothing; it marks every resource that it may mean, so that no one loses access there. `renamed` asks
 * about the one that it meant before.
 */
export function entitlementBinder(
  index: ResourceIndex,
  scope: Scope,
  renamed: RenamedFinder = () => null,
): (entitlement: Entitlement) => BoundWithNotices {
  const known = new Map<Entitlement['resources'], BoundResources>();
  const doubtsOf = doubtFinder(index);
  return (entitlement) => {
    const { resources } = entitlement;
    const given = known.get(resources) ?? bindResources(entitlement, { index, scope, renamed, doubtsOf });
    known.set(resources, given);
    const { rows, kept, unresolved } = given;
    if (entitlement.except.length === 0)
      return { bound: { entitlement, rows, kept, unresolved, unresolvedExcept: [] }, notices: [given.notices] };
    const { excluded, unresolvedExcept, notices } = bindExcept(entitlement, index);
    const left = rows.filter(({ node }) => !excluded.has(node));
    return {
      bound: { entitlement, rows: left, kept, unresolved, unresolvedExcept },
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

interface Binding {
  readonly index: ResourceIndex;
  readonly scope: Scope;
  readonly renamed: RenamedFinder;
  readonly doubtsOf: (ref: ResourceRef) => ReadonlySet<ResourceNode>;
}

function bindResources(entitlement: Entitlement, { index, scope, renamed, doubtsOf }: Binding): BoundResources {
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
    if (selection.kind === 'unresolved') {
      unresolved.push(ref);
      kept.add(doubtsOf(ref));
      continue;
    }
    const skips = (node: ResourceNode) => isPattern(ref.selector) && !isPlanned(scope, node);
    skipped.push({ ref, nodes: selection.nodes.filter(skips) });
    for (const node of selection.nodes) if (!skips(node)) rows.add(node, entitled);
  }
  const notices = [...problems, ...skipped.flatMap((one) => skippedNotice(one, NOTHING))];
  return { rows: rows.all(), kept, unresolved, problems, skipped, notices };
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
