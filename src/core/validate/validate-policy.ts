import type { SchemaCheck } from '../document/check-schema.ts';
import { parseDocument } from '../document/parse-document.ts';
import type { SourceText } from '../document/source-text.ts';
import type { Policy } from '../domain/policy/policy.ts';
import {
  type Checked,
  clippedProblem,
  errorAt,
  type Place,
  type Problem,
  placeText,
  sortProblems,
} from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';
import { POLICY_CHECKS } from './policy-checks.ts';
import { PolicyReader } from './policy-reader.ts';
import { readPolicy } from './read-policy.ts';

/** How many problems of one file are told. Further ones add pages, not insight. */
export const MAX_PROBLEMS = 500;

/** What the schema says in general terms, left out where something more particular is known of the same place. */
const GENERAL: ReadonlySet<ProblemCode> = new Set([
  'unknown-key',
  'missing-key',
  'wrong-type',
  'bad-value',
  'over-limit',
  'unquoted-text',
]);

/**
 * Turns policy text into a policy, or into everything that is wrong with it. Takes any text whatever and never throws.
 * A wrong shape does not stop the cross-checks: each sees what could be read, and what follows from another problem
 * is not told twice.
 */
export function validatePolicy(source: SourceText, checkShape: SchemaCheck): Checked<Policy> {
  const { root, problems: textProblems } = parseDocument(source);
  if (root === null) return { ok: false, problems: told(textProblems) };
  const shapeProblems = checkShape(root);
  if (root.kind !== 'map')
    return { ok: false, problems: told([...textProblems, ...shapeProblems, ...unread(root.at, shapeProblems)]) };
  const reader = new PolicyReader();
  const draft = readPolicy(root, source.file, reader, shapeProblems.length === 0);
  const own = [...textProblems, ...reader.problems, ...POLICY_CHECKS.flatMap((check) => check(draft))];
  const found = [...own, ...withoutKnown(shapeProblems, own)];
  const all = told(reader.incomplete ? [...found, ...unread(root.at, found)] : found);
  if (all.some(({ severity }) => severity === 'error')) return { ok: false, problems: all };
  return { ok: true, value: draft.policy, problems: all };
}

function withoutKnown(shape: readonly Problem[], own: readonly Problem[]): readonly Problem[] {
  const known = new Set(own.filter(({ severity }) => severity === 'error').map(({ at }) => placeText(at)));
  return shape.filter(({ code, at }) => !GENERAL.has(code) || !known.has(placeText(at)));
}

/** A schema that lets something pass which cannot be read must not let an incomplete policy through. */
function unread(at: Place, found: readonly Problem[]): readonly Problem[] {
  if (found.some(({ severity }) => severity === 'error')) return [];
  return [
    errorAt(at, 'wrong-type', 'part of the file cannot be read as a policy', 'compare it with the documentation'),
  ];
}

/** In the order of the text, each once; errors before warnings where there are too many to tell. */
function told(problems: readonly Problem[]): readonly Problem[] {
  const distinct = [
    ...new Map(
      problems.map((problem) => [`${placeText(problem.at)} ${problem.code} ${problem.message}`, problem]),
    ).values(),
  ];
  const sorted = sortProblems(distinct.map(clippedProblem));
  const last = sorted.at(-1);
  if (!last || sorted.length <= MAX_PROBLEMS) return sorted;
  const errors = sorted.filter(({ severity }) => severity === 'error');
  const warnings = sorted.filter(({ severity }) => severity === 'warning');
  const kept = sortProblems([...errors, ...warnings].slice(0, MAX_PROBLEMS));
  const message = `${sorted.length - MAX_PROBLEMS} more problems are not shown`;
  return [...kept, errorAt(last.at, 'too-many-problems', message, 'correct those above, then validate again')];
}
