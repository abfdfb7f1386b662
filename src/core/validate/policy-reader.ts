import type { DocumentNode, MapEntry, ScalarNode } from '../document/document-node.ts';
import { FoundProblems } from '../domain/text/found-problems.ts';
import { errorAt, type Place } from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';

/** One e-mail, as spelled in the file, and the form by which it compares. */
export interface WrittenEmail {
  readonly text: string;
  readonly key: string;
  readonly at: Place;
}

/** The sections with names that other parts refer to. */
export type NamedSection = 'groups' | 'roles' | 'tokens';

/** A reference to a name that a section must declare. */
export interface Reference {
  readonly section: NamedSection;
  readonly name: string;
  readonly at: Place;
}

/** Reads the values of one file, and collects problems, e-mails and references. */
export class PolicyReader {
  readonly problems = new FoundProblems();
  readonly emails: WrittenEmail[] = [];
  readonly references: Reference[] = [];
  /** True after a part was left out without a problem here. The schema reports it, or the value must not be used. */
  incomplete = false;

  /** Leaves out a part that the schema reports. */
  leaveOut(): null {
    this.incomplete = true;
    return null;
  }

  /** Adds an error. */
  error(at: Place, code: ProblemCode, message: string, remedy: string): null {
    this.problems.push(errorAt(at, code, message, remedy));
    return null;
  }

  /** The entries of a map. Empty if the key is absent. */
  entriesOf(node: DocumentNode | undefined): readonly MapEntry[] {
    if (!node) return [];
    if (node.kind === 'map') return node.entries;
    this.leaveOut();
    return [];
  }

  /** The items of a list. Empty if the key is absent. */
  itemsOf(node: DocumentNode | undefined): readonly DocumentNode[] {
    if (!node) return [];
    if (node.kind === 'list') return node.items;
    this.leaveOut();
    return [];
  }

  /** The items of a list, or the single item that is written instead of a list. */
  oneOrMore(node: DocumentNode | undefined): readonly DocumentNode[] {
    if (!node) return [];
    return node.kind === 'list' ? node.items : [node];
  }

  /** The number, or 0 if there is none. */
  numberOf(node: DocumentNode | undefined): number {
    if (node?.kind === 'scalar' && typeof node.value === 'number') return node.value;
    this.leaveOut();
    return 0;
  }

  /** The scalar if it is a text, or null. */
  textOf(node: DocumentNode | undefined): (ScalarNode & { readonly value: string }) | null {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return this.leaveOut();
    return { ...node, value: node.value };
  }

  /** The value if it is one of the words, otherwise the first word as a placeholder. */
  wordOf<const W extends string>(node: DocumentNode | undefined, words: readonly [W, ...W[]]): W {
    const found = node?.kind === 'scalar' ? words.find((word) => word === node.value) : undefined;
    if (found !== undefined) return found;
    this.leaveOut();
    return words[0];
  }
}
