import { resourceKey } from '../domain/account/resource.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
import { mustMatchOne, type ResourceRef } from '../domain/policy/resource-ref.ts';
import { namedInComment, resourceWithId } from './nearest-resource.ts';
import type { ResourceIndex } from './resource-index.ts';

/**
 * The resources of the account that a ref of the policy matches. A name is unresolved if it matches none or several: then
 * nothing may rely on it.
 */
export type Selection =
  | { readonly kind: 'resolved'; readonly nodes: readonly ResourceNode[] }
  | { readonly kind: 'unresolved'; readonly candidates: readonly ResourceNode[] };

/** The resources that a ref matches. */
export function selectResources(ref: ResourceRef, index: ResourceIndex): Selection {
  const nodes = index.select(ref.selector);
  if (mustMatchOne(ref.selector) && nodes.length !== 1) return { kind: 'unresolved', candidates: nodes };
  return { kind: 'resolved', nodes };
}

/**
 * The resources that a ref matches, and a notice if it is unresolved or matches nothing. `consequence` ends the message. `ask`
 * asks about the resource that may be meant, where no name is near.
 */
export function selectWithNotice(
  ref: ResourceRef,
  index: ResourceIndex,
  consequence: string,
  ask: () => string | null = () => null,
): { readonly selection: Selection; readonly notice: Notice | null } {
  const selection = selectResources(ref, index);
  if (selection.kind === 'unresolved')
    return {
      selection,
      notice: unresolvedNotice(ref, selection.candidates, consequence, () => nearQuestion(ref, index) ?? ask()),
    };
  return { selection, notice: selection.nodes.length === 0 ? nothingNotice(ref, index) : null };
}

/**
 * Returns a function that finds everything that an unresolved name may mean, with all above and below. Names of one type, and for
 * an inbox of one project, have one answer.
 */
export function doubtFinder(index: ResourceIndex): (ref: ResourceRef) => ReadonlySet<ResourceNode> {
  const known = new Map<string, ReadonlySet<ResourceNode>>();
  return (ref) => {
    const { selector } = ref;
    const key = 'project' in selector ? `inbox ${selector.project.text}` : selector.type;
    const doubts = known.get(key) ?? new Set([...typeAndBelow(ref, index), ...possibleAncestors(ref, index)]);
    known.set(key, doubts);
    return doubts;
  };
}

/** The resources of the ref's type and all below them: everything that an unresolved name may mean or cover. */
export function typeAndBelow(ref: ResourceRef, index: ResourceIndex): ReadonlySet<ResourceNode> {
  return withBelow(new Set(index.ofType(ref.selector.type)), index.tree.nodes);
}

/** The resources that may lie above an unresolved name: the account, and for an inbox the projects that may contain it. */
export function possibleAncestors(ref: ResourceRef, index: ResourceIndex): readonly ResourceNode[] {
  const { selector } = ref;
  if (!('project' in selector)) return [index.tree.root];
  const projects = index.ofType('project');
  const named = projects.filter((node) => matchesName(selector.project, node.name));
  return [index.tree.root, ...(named.length > 0 ? named : projects)];
}

/** All nodes that are one of `tops` or lie below one. In `nodes`, parents come first, so a single pass is enough. */
export function withBelow(tops: ReadonlySet<ResourceNode>, nodes: readonly ResourceNode[]): ReadonlySet<ResourceNode> {
  const within = new Set<ResourceNode>();
  for (const node of nodes) if (tops.has(node) || (node.parent && within.has(node.parent))) within.add(node);
  return within;
}

function unresolvedNotice(
  ref: ResourceRef,
  candidates: readonly ResourceNode[],
  consequence: string,
  question: () => string | null,
): Notice {
  const ids = candidates.map(resourceKey).sort();
  const asked = ids.length === 0 ? question() : null;
  const found =
    ids.length === 0
      ? 'matches no resource that the token can see'
      : `matches ${ids.length} resources: ${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ', …' : ''}`;
  return {
    code: 'unresolved-name',
    message: `${ref.text} ${found}; ${consequence}`,
    remedy:
      ids.length === 0
        ? `${asked === null ? '' : `${asked} otherwise `}${CORRECT_IT}`
        : `name the right one by id, for example ${ids[0]}`,
    at: ref.at,
  };
}

function nearQuestion({ selector }: ResourceRef, index: ResourceIndex): string | null {
  const near = index.nearest(selector);
  return near && `did you mean ${resourceWithId(near)}?`;
}

const CORRECT_IT =
  'correct the name, or check that the token administers the resource; if the resource is gone, delete the line';

function nothingNotice(ref: ResourceRef, index: ResourceIndex): Notice {
  return {
    code: 'matches-nothing',
    message: `${ref.text} matches no resource that the token can see`,
    remedy:
      'id' in ref.selector
        ? goneRemedy(ref, index)
        : 'nothing to do if it is meant for future resources; otherwise correct it or delete the line',
    at: ref.at,
  };
}

/** A resource that is made anew has another id. Of the old one, grantd knows no more than what the policy says. */
function goneRemedy({ selector, comment }: ResourceRef, index: ResourceIndex): string {
  const [anew, ...others] = comment === undefined ? [] : namedInComment(comment, index.ofType(selector.type));
  if (anew && others.length === 0) {
    return `it is gone; a resource of the name in its comment is now ${resourceWithId(anew)}: write ${resourceKey(anew)} if it was made anew, otherwise delete the line`;
  }
  return 'it is gone, or the token does not administer it; grantd does not know the name that it had. If it was made anew, write its new id or its name; otherwise delete the line';
}
