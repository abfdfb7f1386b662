import { type Access, type AccountState, ADMIN_LEVEL, type Resource } from './account-state.ts';
import { accountLevel } from './effective-level.ts';
import { type Generation, typedId, typeInAnswer } from './resource-type.ts';

interface NodeWire {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly access_level: number;
  readonly resources: readonly NodeWire[];
}

/** Recorded: the level of a node that is shown only because the token has access to something below it. */
const INDETERMINATE_LEVEL = 1;

/**
 * The tree as this caller sees it: the nodes that it administers (contract), and their ancestors. `access_level` is the
 * effective level of the caller.
 */
export function listResources(state: AccountState, caller: Access, generation: Generation): readonly NodeWire[] {
  const visibleFrom = caller.specifier.kind === 'ApiToken' ? caller.specifier.visibleFrom : ADMIN_LEVEL;
  const level = accountLevel(state, caller);
  const children = childrenByParent(state);
  const roots = nodesBelow(undefined, level);
  if (state.roots === 'projects') return roots;
  if (level < visibleFrom && roots.length === 0) return [];
  const access_level = Math.max(level, INDETERMINATE_LEVEL);
  return [{ id: state.id, name: 'Account', type: 'account', access_level, resources: roots }];

  function nodesBelow(parent: string | undefined, inherited: number): readonly NodeWire[] {
    return (children.get(parent) ?? []).flatMap((resource) => nodeOf(resource, inherited));
  }

  function nodeOf(resource: Resource, inherited: number): readonly NodeWire[] {
    if (resource.hidden) return [];
    const { id, name, type } = resource;
    const key = typedId(type, id);
    const own = Math.max(inherited, caller.rows.get(key)?.level ?? 0);
    const resources = nodesBelow(key, own);
    if (own < visibleFrom && resources.length === 0) return [];
    const access_level = Math.max(own, INDETERMINATE_LEVEL);
    return [{ id, name, type: typeInAnswer(type, generation), access_level, resources }];
  }
}

function childrenByParent(state: AccountState): ReadonlyMap<string | undefined, readonly Resource[]> {
  const children = new Map<string | undefined, Resource[]>();
  for (const resource of state.resources.values()) {
    const siblings = children.get(resource.parent);
    if (siblings) siblings.push(resource);
    else children.set(resource.parent, [resource]);
  }
  return children;
}
