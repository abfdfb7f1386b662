import { type AccessLevel, toAccessLevel } from '../domain/account/access-level.ts';
import { ancestorsOf, type ResourceNode } from '../domain/account/resource-tree.ts';
import type { MemberEntitlement } from '../domain/plan/desired-state.ts';

/** The rows that some running grants declare together. */
export interface Declared {
  /** The highest level that one of them gives on each resource. */
  readonly levels: ReadonlyMap<ResourceNode, AccessLevel>;
  /** Whether none of these resources lies below another one. */
  readonly isFlat: boolean;
}

interface Known {
  readonly running: readonly MemberEntitlement[];
  readonly declared: Declared;
}

/** How many lists of grants that begin alike are remembered. */
const ALIKE_MOST = 8;

/** What grants declare, worked out once for all who hold just the same grants, as the members of a group do. */
export class DeclaredRows {
  readonly #byFirst = new Map<MemberEntitlement['bound'] | undefined, Known[]>();

  of(running: readonly MemberEntitlement[]): Declared {
    const first = running[0]?.bound;
    const alike = this.#byFirst.get(first) ?? [];
    const known = alike.find((one) => isSame(one.running, running));
    if (known) return known.declared;
    const declared = declare(running);
    this.#byFirst.set(first, [{ running, declared }, ...alike.slice(0, ALIKE_MOST - 1)]);
    return declared;
  }
}

function isSame(a: readonly MemberEntitlement[], b: readonly MemberEntitlement[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index]?.bound !== b[index]?.bound) return false;
  return true;
}

function declare(running: readonly MemberEntitlement[]): Declared {
  const levels = new Map<ResourceNode, AccessLevel>();
  for (const { bound } of running) {
    for (const { node, level } of bound.rows) levels.set(node, Math.max(toAccessLevel(level), levels.get(node) ?? 0));
  }
  const isFlat = [...levels.keys()].every((node) => !ancestorsOf(node).some((above) => levels.has(above)));
  return { levels, isFlat };
}
