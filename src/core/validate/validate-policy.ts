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
import { warnOfNoGrants } from './check-unlisted.ts';
import { POLICY_CHECKS } from './policy-checks.ts';
import { PolicyReader } from './policy-reader.ts';
import { readPolicy } from './read-policy.ts';

/** The most problems of one file that are reported. Further ones add pages, not insight. */
export const MAX_PROBLEMS = 500;

/** General codes of the schema. They are left out if a check reports a more specific problem at the same place. */
const GENERAL: ReadonlySet<ProblemCode> = new Set([
  'unknown-key',
  'missing-key',
  'wrong-type',
  'bad-value',
  'over-limit',
  'unquoted-text',
]);

/**
 * Turns policy text into a policy, or into all of its problems. It accepts any text and never throws. A wrong shape does
 * not stop the cross-checks: each sees the readable parts, and consequences of another problem are not reported twice.
 */
export function validatePolicy(source: SourceText, checkShape: SchemaCheck): Checked<Policy> {
  const { root, problems: textProblems } = parseDocument(source);
  if (root === null) return { ok: false, problems: reported(textProblems) };
  const shapeProblems = checkShape(root);
  if (root.kind !== 'map')
    return { ok: false, problems: reported([...textProblems, ...shapeProblems, ...unread(root.at, shapeProblems)]) };
  const reader = new PolicyReader();
  const draft = readPolicy(root, source.file, reader, shapeProblems.length === 0);
  const own = [...textProblems, ...reader.problems, ...POLICY_CHECKS.flatMap((check) => check(draft))];
  const found = [...own, ...withoutKnown(shapeProblems, own)];
  const all = reported(reader.incomplete ? [...found, ...unread(root.at, found)] : found);
  if (all.some(({ severity }) => severity === 'error')) return { ok: false, problems: all };
  return { ok: true, value: draft.policy, problems: reported([...all, ...warnOfNoGrants(draft)]) };
}

function withoutKnown(shape: readonly Problem[], own: readonly Problem[]): readonly Problem[] {
  const known = new Set(own.filter(({ severity }) => severity === 'error').map(({ at }) => placeText(at)));
  return shape.filter(({ code, at }) => !GENERAL.has(code) || !known.has(placeText(at)));
}

/** Reports an unreadable part without any other error, so that a gap in the schema cannot accept an incomplete policy. */
function unread(at: Place, found: readonly Problem[]): readonly Problem[] {
  if (found.some(({ severity }) => severity === 'error')) return [];
  return [
    errorAt(
      at,
      'wrong-type',
      'grantd cannot read a part of this file as a policy',
      'compare it with the documentation',
    ),
  ];
}

/** The reported problems: in the order of the text, each once. If there are too many, errors take precedence. */
function reported(problems: readonly Problem[]): readonly Problem[] {
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
  return [...kept, errorAt(last.at, 'too-many-problems', message, 'fix those above, then validate again')];
}
