import { principalText } from '../domain/account/principal.ts';
import { nodeLabel, type ResourceNode } from '../domain/account/resource-tree.ts';
import { isManaged, type Scope } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { compareText } from '../domain/text/text.ts';
import type { SubjectDifference } from './diff-subject.ts';

/**
 * `ignore`, `observe` and `manage` exclude rows, not reach: a change of a row above an excluded resource also changes what its principal
 * can do there. The notices name each such resource and the principals.
 */
export function touchedNotices(
  differences: readonly SubjectDifference[],
  nodes: readonly ResourceNode[],
  scope: Scope,
): readonly Notice[] {
  const excludedBelow = excludedByAncestor(nodes, scope);
  const touched = new Map<ResourceNode, { readonly below: readonly string[]; readonly who: Set<string> }>();
  for (const { subject, changed } of differences) {
    for (const node of changed) {
      const below = excludedBelow.get(node);
      if (!below) continue;
      const { who } = touched.get(node) ?? { who: new Set() };
      touched.set(node, { below, who: who.add(principalText(subject.access.principal)) });
    }
  }
  const notices = [...touched].map(([node, { below, who }]): Notice => {
    const label = nodeLabel(node);
    return {
      code: 'touches-excluded',
      // "can": a row on the resource below may already give as much.
      message: `this change of ${label} can also change the access of ${list([...who])} to ignored, observed or unmanaged resources below it: ${list(below)}`,
      remedy: `to leave them unchanged, add \`${label}\` to \`ignore\` or \`observe\`, which then covers everything below it`,
      at: null,
    };
  });
  return notices.sort((a, b) => compareText(a.message, b.message));
}

function excludedByAncestor(
  nodes: readonly ResourceNode[],
  scope: Scope,
): ReadonlyMap<ResourceNode, readonly string[]> {
  const below = new Map<ResourceNode, string[]>();
  if (scope.ignored.size + scope.observed.size === 0) return below;
  for (const node of nodes) {
    if (isManaged(scope, node)) continue;
    for (let up = node.parent; up; up = up.parent) {
      if (isManaged(scope, up)) below.set(up, [...(below.get(up) ?? []), nodeLabel(node)]);
    }
  }
  return below;
}

function list(words: readonly string[]): string {
  const sorted = [...words].sort(compareText);
  return sorted.slice(0, 5).join(', ') + (sorted.length > 5 ? ` and ${sorted.length - 5} more` : '');
}
