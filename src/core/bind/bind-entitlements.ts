import { nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { type BoundEntitlement, type BoundRow, isPlanned, type Scope } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Entitlement } from '../domain/policy/entitlement.ts';
import { isPattern, type ResourceRef } from '../domain/policy/resource-ref.ts';
import type { RenamedFinder } from './renamed-resource.ts';
import type { ResourceIndex } from './resource-index.ts';
import { possibleAncestors, selectWithNotice, typeAndBelow, withBelow } from './select-resources.ts';

/** One grant, bound to the resources that its names and patterns match today, with the notices about it. */
export interface BoundWithNotices {
  readonly bound: BoundEntitlement;
  readonly notices: readonly Notice[];
}

/**
 * Binds one grant. A pattern skips ignored and unmanaged resources, with a notice. An unresolved name binds nothing; it
 * marks every resource that it may mean, so that no one loses access there. `renamed` asks about the one that it meant before.
 */
export function bindEntitlement(
  entitlement: Entitlement,
  index: ResourceIndex,
  scope: Scope,
  renamed: RenamedFinder = () => null,
): BoundWithNotices {
  const notices: Notice[] = [];
  const { excluded, unresolvedExcept } = bindExcept(entitlement, index, notices);
  const rows: BoundRow[] = [];
  const kept = new Set<ResourceNode>();
  const unresolved: string[] = [];
  for (const entitled of entitlement.resources) {
    const ref = entitled.resource;
    const consequence = `until it matches exactly one, grantd lowers or removes no row of those whom this grant reaches on any ${ref.selector.type}, or on what may be above or below it`;
    const { selection, notice } = selectWithNotice(ref, index, consequence, () => renamed(ref, entitlement));
    if (notice) notices.push(notice);
    if (selection.kind === 'unresolved') {
      unresolved.push(ref.text);
      for (const node of [...typeAndBelow(ref, index), ...possibleAncestors(ref, index)]) kept.add(node);
      continue;
    }
    const matched = selection.nodes.filter((node) => !excluded.has(node));
    const skips = (node: ResourceNode) => isPattern(ref.selector) && !isPlanned(scope, node);
    const skipped = matched.filter(skips);
    if (skipped.length > 0) notices.push(skippedNotice(ref, skipped));
    for (const node of matched) if (!skips(node)) rows.push({ node, level: entitled.level, from: entitled });
  }
  return { bound: { entitlement, rows, kept, unresolved, unresolvedExcept }, notices };
}

function bindExcept(
  entitlement: Entitlement,
  index: ResourceIndex,
  notices: Notice[],
): { readonly excluded: ReadonlySet<ResourceNode>; readonly unresolvedExcept: string | null } {
  const tops = new Set<ResourceNode>();
  let unresolvedExcept: string | null = null;
  for (const ref of entitlement.except) {
    const { selection, notice } = selectWithNotice(
      ref,
      index,
      'until it matches exactly one, grantd changes no one whom this grant reaches',
    );
    if (notice) notices.push(notice);
    if (selection.kind === 'unresolved') unresolvedExcept ??= ref.text;
    else for (const node of selection.nodes) tops.add(node);
  }
  return { excluded: withBelow(tops, index.tree.nodes), unresolvedExcept };
}

function skippedNotice(ref: ResourceRef, skipped: readonly ResourceNode[]): Notice {
  const labels = skipped.map(nodeLabel).sort();
  const shown = labels.slice(0, 5).join(', ') + (labels.length > 5 ? ', …' : '');
  return {
    code: 'pattern-skips',
    message: `${ref.text} skips ${labels.length} ignored or unmanaged: ${shown}`,
    remedy: 'nothing to do if that is intended; otherwise change `ignore` or `manage`',
    at: ref.at,
  };
}
