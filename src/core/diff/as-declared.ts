import type { AccessRow } from '../domain/account/actual-state.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import type { Declared } from './declared-rows.ts';

/**
 * Tells in one pass of those who hold exactly the rows that are declared, where none of these stands above another: nothing
 * can be found about them. So it is for nearly everybody in nearly every run.
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

  actual(rows: readonly AccessRow[], { levels, isFlat }: Declared): boolean {
    if (!isFlat || rows.length !== levels.size) return false;
    this.#pass += 1;
    for (const row of rows) {
      const node = this.#tree.find(row);
      // A row that came twice would make up for one that is missing.
      if (node === undefined || this.#metIn[node.index] === this.#pass) return false;
      if (levels.get(node) !== row.level) return false;
      this.#metIn[node.index] = this.#pass;
    }
    return true;
  }
}
