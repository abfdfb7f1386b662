import { type Candidate, nearestOf } from '../document/nearest-name.ts';
import { emailKey } from '../domain/account/email.ts';
import { type ResourceType, resourceKey } from '../domain/account/resource.ts';
import { compareNodes, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { ResourceSelector } from '../domain/policy/resource-ref.ts';
import { lookAlikeForm, oddVisible } from '../domain/text/odd-characters.ts';

/** Finds the resource whose name is nearest to the one that a selector names, or null if none is near. */
export type ResourceFinder = (selector: ResourceSelector) => ResourceNode | null;

/** Compares names without regard to case and to characters that look alike, and domains also by their international form. */
export function resourceFinder(ofType: (type: ResourceType) => readonly ResourceNode[]): ResourceFinder {
  const byType = new Map<ResourceType, (form: string) => ResourceNode | null>();

  function finderOf(type: ResourceType): (form: string) => ResourceNode | null {
    const known = byType.get(type);
    if (known !== undefined) return known;
    const sorted = [...ofType(type)].sort(compareNodes);
    const finder = nearestOf(sorted.map((node): Candidate<ResourceNode> => ({ form: formOf(node), value: node })));
    byType.set(type, finder);
    return finder;
  }

  return (selector) => {
    if (!('name' in selector)) return null;
    const name = selector.type === 'inbox' ? `${selector.project.text}/${selector.name.text}` : selector.name.text;
    return finderOf(selector.type)(nameForm(selector.type, name));
  };
}

/** `project:App\u{a0}One (project:#4001)`: the name, with odd characters made visible, and the id, which is never in doubt. */
export function resourceWithId(node: ResourceNode): string {
  return `${node.type}:${oddVisible(fullName(node))} (${resourceKey(node)})`;
}

/** The resources whose name a comment says, alone or with a remark in brackets behind it, as `grantd import` writes it. */
export function namedInComment(comment: string, nodes: readonly ResourceNode[]): readonly ResourceNode[] {
  const names = [comment, comment.replace(/ \([^()]*\)$/, '')];
  return nodes.filter((node) => names.includes(oddVisible(fullName(node))));
}

function formOf(node: ResourceNode): string {
  return nameForm(node.type, fullName(node));
}

function fullName({ type, name, parent }: ResourceNode): string {
  return type === 'inbox' && parent?.type === 'project' ? `${parent.name}/${name}` : name;
}

function nameForm(type: ResourceType, name: string): string {
  return lookAlikeForm(type === 'domain' ? emailKey(`@${name}`).slice(1) : name);
}
