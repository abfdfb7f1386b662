import { type AccessLevel, givenBy, LEVEL } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { effectiveLevel, type Rows } from '../domain/account/effective-access.ts';
import { ancestorsOf, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import { levelsOfGrants, type MemberEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Subject } from '../domain/plan/desired-state.ts';

/** What one subject has, and what the running grants declare for it, row by row. */
export interface SubjectRows {
  /** As the account lists them. */
  readonly all: readonly AccessRow[];
  readonly actual: Rows;
  /** Rows on resources that the tree does not show. */
  readonly unseen: readonly AccessRow[];
  /** The highest level that a running grant gives on each resource. */
  readonly declared: Declared['levels'];
  /** As `declared`, without what team files give. */
  readonly declaredByRoot: Declared['levels'];
}

/** Splits the rows of one access into those that the tree shows and the others, beside what is declared. */
export function subjectRows({ access, running }: Subject, declared: Declared, tree: ResourceTree): SubjectRows {
  const { rows } = access;
  const ofRoot = running.filter(({ bound }) => bound.reach === null);
  return {
    all: rows,
    actual: rowsByNode(rows, tree),
    unseen: rows.filter((row) => !tree.find(row)),
    declared: declared.levels,
    declaredByRoot: ofRoot.length === running.length ? declared.levels : levelsOfGrants(ofRoot),
  };
}

/** The rows that some running grants declare together. */
export interface Declared {
  /** The highest level that one of them gives on each resource. */
  readonly levels: ReadonlyMap<ResourceNode, AccessLevel>;
  /** Whether none of these resources lies below another one. */
  readonly isFlat: boolean;
}

/**
 * What grants ahead shield of these rows, as if it were declared: each row on their resources or below, up to the level that
 * they will give there. They shield nothing that is not held.
 */
export function shieldedRows(
  rows: readonly AccessRow[],
  shielding: readonly MemberEntitlement[],
  tree: ResourceTree,
): Declared {
  const shield = levelsOfGrants(shielding);
  const levels = new Map<ResourceNode, AccessLevel>();
  for (const [node, level] of rowsByNode(rows, tree)) {
    const kept = Math.min(givenBy(level), effectiveLevel(shield, node));
    if (kept > LEVEL.none) levels.set(node, kept);
  }
  return { levels, isFlat: false };
}

interface CachedRows {
  readonly running: readonly MemberEntitlement[];
  readonly declared: Declared;
}

/** How many lists of grants with the same first grant are remembered. */
const CACHE_SIZE = 8;

/** Computes what grants declare once for everyone who has exactly the same grants, such as the members of a group. */
export class DeclaredRows {
  readonly #byFirst = new Map<MemberEntitlement['bound'] | undefined, CachedRows[]>();

  /** What these grants declare: remembered, or computed now. */
  of(running: readonly MemberEntitlement[]): Declared {
    const first = running[0]?.bound;
    const alike = this.#byFirst.get(first) ?? [];
    const known = alike.find((one) => isSame(one.running, running));
    if (known) return known.declared;
    const declared = declare(running);
    this.#byFirst.set(first, [{ running, declared }, ...alike.slice(0, CACHE_SIZE - 1)]);
    return declared;
  }
}

function isSame(a: readonly MemberEntitlement[], b: readonly MemberEntitlement[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index]?.bound !== b[index]?.bound) return false;
  return true;
}

function declare(running: readonly MemberEntitlement[]): Declared {
  const levels = levelsOfGrants(running);
  const isFlat = [...levels.keys()].every((node) => !ancestorsOf(node).some((above) => levels.has(above)));
  return { levels, isFlat };
}

/**
 * Recognises, in one pass, an access with exactly the declared rows, where no declared row lies above another. The diff has
 * nothing to say of such an access, which is almost every access in almost every run.
 */
export class AsDeclared {
  readonly #tree: ResourceTree;
  /** By resource, the number of the pass that met it last. */
  readonly #metIn: Uint32Array;
  #pass = 0;

  constructor(tree: ResourceTree) {
    this.#tree = tree;
    this.#metIn = new Uint32Array(tree.nodes.length);
  }

  /** Whether these rows are exactly the declared ones. */
  isExact(rows: readonly AccessRow[], { levels, isFlat }: Declared): boolean {
    if (!isFlat || rows.length !== levels.size) return false;
    this.#pass += 1;
    for (const row of rows) {
      const node = this.#tree.find(row);
      // A row that is listed twice would make up for one that is missing.
      if (node === undefined || this.#metIn[node.index] === this.#pass) return false;
      if (levels.get(node) !== row.level) return false;
      this.#metIn[node.index] = this.#pass;
    }
    return true;
  }
}
