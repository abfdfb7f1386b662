import type { CST } from 'yaml';
import { FoundProblems } from '../domain/text/found-problems.ts';
import { errorAt, type Place, type Problem } from '../domain/text/problem.ts';
import type { TextPlaces } from './source-text.ts';

/** The deepest nesting of lists and maps. A policy needs 5. Composing recurses, so the check comes before it. */
export const MAX_DEPTH = 32;

/** The findings in the tokens of a text, before a document is composed of them. */
export interface TokenFindings {
  readonly problems: FoundProblems;
  /** True if the tokens must not be composed. */
  readonly fatal: boolean;
  /** The offsets of brackets that are never closed. */
  readonly unclosed: readonly number[];
}

type Part = CST.Token | CST.CollectionItem;

/** One part to inspect, its depth, and the offset of the last token above it. */
interface Step {
  readonly part: Part;
  readonly depth: number;
  readonly offset: number;
}

/**
 * Walks the tokens without recursion, because they may nest as deep as the text is long. It finds what must not be
 * composed (depth) and what a composed document no longer shows (directives, anchors, tags, further documents).
 */
export function inspectTokens(tokens: readonly CST.Token[], places: TextPlaces): TokenFindings {
  const problems = new FoundProblems();
  problems.pushAll(furtherDocuments(tokens, places));
  const aliases: CST.FlowScalar[] = [];
  const anchors = new Set<string>();
  const unclosed: number[] = [];
  const todo: Step[] = tokens.map((part) => ({ part, depth: 0, offset: 0 }));
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { part, depth } = next;
    const offset = 'offset' in part ? part.offset : next.offset;
    if (depth > MAX_DEPTH) return fatal(tooDeep(offset, places));
    if ('type' in part) {
      if (part.type === 'anchor') anchors.add(part.source.slice(1));
      if (part.type === 'alias') aliases.push(part);
      if (part.type === 'flow-collection' && !isClosed(part)) unclosed.push(part.offset);
      problems.pushAll(problemsOf(part, places));
    } else if (isMerge(part)) {
      problems.push(mergeKey(part.key, places));
      continue;
    }
    const below = 'items' in part ? depth + 1 : depth;
    for (const child of partsOf(part)) todo.push({ part: child, depth: below, offset });
  }
  for (const alias of aliases) problems.push(aliasProblem(alias, anchors, places));
  // Each anchor, tag, alias and directive becomes an error of the library too, with a stack.
  return { problems, fatal: problems.further > 0, unclosed };
}

/** The findings of tokens that must not be composed. */
export function fatal(problem: Problem): TokenFindings {
  const problems = new FoundProblems();
  problems.push(problem);
  return { problems, fatal: true, unclosed: [] };
}

function* partsOf(part: Part): Iterable<Part> {
  if ('start' in part) yield* Array.isArray(part.start) ? part.start : [part.start];
  if ('key' in part && part.key) yield part.key;
  if ('sep' in part && part.sep) yield* part.sep;
  if ('props' in part) yield* part.props;
  if ('value' in part && part.value) yield part.value;
  if ('items' in part) yield* part.items;
}

function problemsOf(token: CST.Token, places: TextPlaces): readonly Problem[] {
  switch (token.type) {
    case 'directive':
      return token.source.trimEnd() === '%YAML 1.2' ? [] : [directiveProblem(token, places)];
    case 'anchor':
      return [anchorProblem(token, places)];
    case 'tag':
      return [tagProblem(token, places)];
    default:
      return [];
  }
}

function isClosed({ end }: CST.FlowCollection): boolean {
  return end.some(({ type }) => type === 'flow-map-end' || type === 'flow-seq-end');
}

function isMerge(part: CST.CollectionItem): part is CST.CollectionItem & { readonly key: CST.FlowScalar } {
  return part.key?.type === 'scalar' && part.key.source === '<<';
}

function tokenPlace(token: { readonly offset: number; readonly source: string }, places: TextPlaces): Place {
  return places.at(token.offset, token.offset + token.source.length);
}

function furtherDocuments(tokens: readonly CST.Token[], places: TextPlaces): Problem[] {
  const [, second] = tokens.filter((token) => token.type === 'document');
  if (!second) return [];
  return [
    errorAt(
      places.at(second.offset, second.offset + 3),
      'several-documents',
      'a second YAML document begins here; a file must contain exactly one',
      'delete the line ---, or move the second document to a file of its own',
    ),
  ];
}

function tooDeep(offset: number, places: TextPlaces): Problem {
  return errorAt(
    places.at(offset, offset + 1),
    'too-deep',
    `this is nested more than ${MAX_DEPTH} levels deep`,
    'look for brackets that are never closed, and quote names that contain brackets',
  );
}

function directiveProblem(token: CST.Directive, places: TextPlaces): Problem {
  return errorAt(
    tokenPlace(token, places),
    'yaml-directive',
    `the line ${token.source.trimEnd()} would change how the file is read`,
    'delete the line: grantd reads files as YAML 1.2',
  );
}

function anchorProblem(token: CST.SourceToken, places: TextPlaces): Problem {
  return errorAt(
    tokenPlace(token, places),
    'yaml-alias',
    `${token.source} is an anchor; grantd does not allow anchors and aliases, so every entry is written where it counts`,
    'use a group or a role instead; if it is meant as text, quote it',
  );
}

function tagProblem(token: CST.SourceToken, places: TextPlaces): Problem {
  return errorAt(
    tokenPlace(token, places),
    'yaml-tag',
    `YAML reads ${token.source} as a tag, not as part of the value`,
    'if the value begins with !, quote the whole value; otherwise delete the tag',
  );
}

function mergeKey(key: CST.FlowScalar, places: TextPlaces): Problem {
  return errorAt(
    tokenPlace(key, places),
    'merge-key',
    'the merge key << is not part of YAML 1.2',
    'write the keys out, or use a role',
  );
}

function aliasProblem(token: CST.FlowScalar, anchors: ReadonlySet<string>, places: TextPlaces): Problem {
  const at = tokenPlace(token, places);
  if (anchors.has(token.source.slice(1))) {
    return errorAt(
      at,
      'yaml-alias',
      `${token.source} is an alias; grantd does not allow anchors and aliases, so every entry is written where it counts`,
      'write the value out, or use a group or a role',
    );
  }
  return errorAt(
    at,
    'star-is-alias',
    `YAML reads ${token.source} as an alias, not as a pattern`,
    `quote it: "${token.source}"`,
  );
}
