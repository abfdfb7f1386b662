import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { FrozenBy, Scope } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { ResourceIndex } from './resource-index.ts';
import { selectWithNotice, typeAndBelow, withBelow } from './select-resources.ts';

/**
 * Binds `manage`, `observe` and `ignore`, each with everything below. An unresolved name may mean any resource of its type, so
 * everything of that type and below is frozen.
 */
export function bindScope(
  policy: Policy,
  index: ResourceIndex,
): { readonly scope: Scope; readonly unresolved: readonly ResourceRef[]; readonly notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const unresolved: ResourceRef[] = [];
  const frozen = new Map<ResourceNode, FrozenBy>();

  function bindRefs(refs: readonly ResourceRef[], key: string): ReadonlySet<ResourceNode> {
    const tops = new Set<ResourceNode>();
    for (const ref of refs) {
      const consequence = `until it is resolved, grantd writes nothing on any ${ref.selector.type} and below, because \`${key}\` contains it`;
      const { selection, notice } = selectWithNotice(ref, index, consequence);
      if (notice) notices.push(notice);
      if (selection.kind === 'resolved') for (const node of selection.nodes) tops.add(node);
      else freeze(ref, key);
    }
    return withBelow(tops, index.tree.nodes);
  }

  function freeze(ref: ResourceRef, key: string): void {
    unresolved.push(ref);
    for (const node of typeAndBelow(ref, index))
      if (!frozen.has(node)) frozen.set(node, { name: ref.text, key, at: ref.at });
  }

  const ignored = bindRefs(policy.ignore.resources, 'ignore');
  const observed = bindRefs(policy.observe.resources, 'observe');
  const managed = policy.manage === null ? null : bindRefs(policy.manage, 'manage');
  return { scope: { ignored, observed, managed, frozen }, unresolved, notices };
}
