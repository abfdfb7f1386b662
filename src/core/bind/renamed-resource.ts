import type { ResourceType } from '../domain/account/resource.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import type { Entitlement, GrantMember } from '../domain/policy/entitlement.ts';
import { mustMatchOne, type ResourceRef } from '../domain/policy/resource-ref.ts';
import { counted } from '../domain/text/text.ts';
import type { PrincipalIndex } from './match-principals.ts';
import { resourceWithId } from './nearest-resource.ts';
import type { ResourceIndex } from './resource-index.ts';

/** A question whether a resource has another name now than a grant says, or null if no resource stands out. */
export type RenamedFinder = (ref: ResourceRef, entitlement: Entitlement) => string | null;

/**
 * Who had access by a name still has it after a rename. So the resource is the one on which most of those have a row whom the grant
 * reaches, if no other name of the policy means it.
 */
export function renamedFinder(
  entitlements: readonly Entitlement[],
  index: ResourceIndex,
  principals: PrincipalIndex,
): RenamedFinder {
  const known = new Map<readonly GrantMember[], Map<ResourceType, string | null>>();
  let named: ReadonlySet<ResourceNode> | null = null;

  return ({ selector: { type } }, { holders }) => {
    const questions = known.get(holders) ?? new Map<ResourceType, string | null>();
    known.set(holders, questions);
    const asked = questions.get(type);
    if (asked !== undefined) return asked;
    named ??= namedNodes(entitlements, index);
    const question = likelyResource(heldBy(holders, index.tree, principals), type, named);
    questions.set(type, question);
    return question;
  };
}

function likelyResource(
  { present, holders }: HeldBy,
  type: ResourceType,
  named: ReadonlySet<ResourceNode>,
): string | null {
  const free = [...holders].filter(([node]) => node.type === type && !named.has(node));
  const most = free.reduce((highest, [, count]) => Math.max(highest, count), 0);
  const [likely, ...others] = free.filter(([, count]) => count === most);
  if (likely === undefined || others.length > 0 || most * 2 <= present) return null;
  return `of the ${counted(present, 'principal')} of this grant in the account, ${most} ${most === 1 ? 'has' : 'have'} a row on ${resourceWithId(likely[0])}: was it renamed to that?`;
}

/** How many of the members of a grant the account shows, and on which resources how many of them have a row. */
interface HeldBy {
  readonly present: number;
  readonly holders: ReadonlyMap<ResourceNode, number>;
}

function heldBy(members: readonly GrantMember[], tree: ResourceTree, principals: PrincipalIndex): HeldBy {
  const holders = new Map<ResourceNode, number>();
  let present = 0;
  for (const { name } of members) {
    const matches = principals.match(name);
    if (matches.length > 0) present += 1;
    const rows = matches.flatMap(({ access }) => access.rows);
    const nodes = new Set(rows.map((row) => tree.find(row)).filter((node) => node !== undefined));
    for (const node of nodes) holders.set(node, (holders.get(node) ?? 0) + 1);
  }
  return { present, holders };
}

function namedNodes(entitlements: readonly Entitlement[], index: ResourceIndex): ReadonlySet<ResourceNode> {
  const refs = entitlements.flatMap(({ resources }) => resources.map(({ resource }) => resource));
  const names = refs.filter(({ selector }) => mustMatchOne(selector));
  return new Set(names.flatMap(({ selector }) => index.select(selector)));
}
