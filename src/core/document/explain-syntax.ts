import type { YAMLParseError } from 'yaml';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import { lineEnd, type TextPlaces } from './source-text.ts';
import { type Seen, SYNTAX_CASES, type SyntaxExplanation } from './syntax-cases.ts';

/** The most syntax errors that are explained. Later ones are mostly consequences of the first few. */
const MAX_EXPLAINED = 10;

/** Errors that `inspectTokens` has already reported: aliases, anchors and tags. */
const ALREADY_REPORTED: ReadonlySet<string> = new Set([
  'BAD_ALIAS',
  'TAG_RESOLVE_FAILED',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'ALIAS_PROPS',
]);

/** Explains the errors of the YAML library. One per line, because later errors of a line depend on the first. */
export function explainSyntax(
  errors: readonly YAMLParseError[],
  unclosed: readonly number[],
  places: TextPlaces,
): readonly Problem[] {
  const { text } = places.source;
  const conflict = /^(?:<{7}|={7}|>{7})(?= |\r?$)/m.exec(text);
  if (conflict) return [conflictProblem(conflict.index, places)];
  const problems: Problem[] = [];
  let line = 0;
  let tabLine = 0;
  const unreported = errors.filter(({ code }) => !ALREADY_REPORTED.has(code));
  for (const error of unreported.sort((a, b) => a.pos[0] - b.pos[0])) {
    const explanation = explain(error, unclosed, text);
    const at = places.at(explanation.start, explanation.end);
    if (at.line === line) continue;
    // The parser does not count a tab as indentation, so it misreads the next line too.
    if (explanation.code === 'tab-indent') tabLine = at.line;
    else if (tabLine > 0 && at.line === tabLine + 1) continue;
    line = at.line;
    problems.push(errorAt(at, explanation.code ?? 'yaml-syntax', explanation.message, explanation.remedy));
    if (explanation.last || problems.length === MAX_EXPLAINED) break;
  }
  return problems;
}

function explain(error: YAMLParseError, unclosed: readonly number[], text: string): SyntaxExplanation {
  const start = Math.min(error.pos[0], text.length);
  const rest = text.slice(start, lineEnd(text, start));
  const seen: Seen = { text, code: error.code, said: error.message, start, rest, unclosed };
  for (const explainer of SYNTAX_CASES) {
    const explanation = explainer(seen);
    if (explanation) return explanation;
  }
  return {
    start,
    end: Math.max(error.pos[1], start + 1),
    message: `this is not valid YAML: ${firstLower(error.message)}`,
    remedy:
      'compare the indentation with the lines above, and quote texts that contain any of : # [ ] { } , & * ! | > % @',
  };
}

function conflictProblem(offset: number, places: TextPlaces): Problem {
  return errorAt(
    places.at(offset, lineEnd(places.source.text, offset)),
    'yaml-syntax',
    'the file contains an unresolved merge conflict',
    'resolve it in git, then delete the lines <<<<<<<, ======= and >>>>>>>',
  );
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
