import type { DocumentNode, MapEntry, ScalarNode } from '../document/document-node.ts';
import { errorAt, type Place, type Problem } from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';

/** One e-mail as the file spells it. */
export interface WrittenEmail {
  readonly text: string;
  readonly at: Place;
}

/** The sections whose names others refer to. */
export type NamedSection = 'groups' | 'roles' | 'tokens';

/** One use of a name that a section has to declare. */
export interface Reference {
  readonly section: NamedSection;
  readonly name: string;
  readonly at: Place;
}

/** What reader one file has gathered so far. */
export class PolicyReader {
  readonly problems: Problem[] = [];
  readonly emails: WrittenEmail[] = [];
  readonly references: Reference[] = [];
  /** True once something was left out silently: the schema has a problem there, or the value must not be used. */
  incomplete = false;

  /** Leaves something out that the schema has already complained about. */
  skip(): null {
    this.incomplete = true;
    return null;
  }

  error(at: Place, code: ProblemCode, message: string, remedy: string): null {
    this.problems.push(errorAt(at, code, message, remedy));
    return null;
  }

  /** The entries of a map; none where the key is not there at all. */
  entriesOf(node: DocumentNode | undefined): readonly MapEntry[] {
    if (!node) return [];
    if (node.kind === 'map') return node.entries;
    this.skip();
    return [];
  }

  /** The items of a list; none where the key is not there at all. */
  itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
    if (!node) return [];
    if (node.kind === 'list') return node.items;
    this.skip();
    return [];
  }

  /** The items of a list, or the one item that stands in its place. */
  oneOrMore(node: DocumentNode | undefined): readonly DocumentNode[] {
    if (!node) return [];
    return node.kind === 'list' ? node.items : [node];
  }

  numberOf(node: DocumentNode | undefined): number {
    if (node?.kind === 'scalar' && typeof node.value === 'number') return node.value;
    this.skip();
    return 0;
  }

  /** The text of a scalar as it stands, or null where it is no text. */
  textOf(node: DocumentNode | undefined): (ScalarNode & { readonly value: string }) | null {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return this.skip();
    return { ...node, value: node.value };
  }

  /** The value if it is one of the words, else the first of them as a stand-in. */
  wordOf<const W extends string>(node: DocumentNode | undefined, words: readonly [W, ...W[]]): W {
    const found = node?.kind === 'scalar' ? words.find((word) => word === node.value) : undefined;
    if (found !== undefined) return found;
    this.skip();
    return words[0];
  }
}
