import type { SchemaCheck } from '../document/check-schema.ts';
import { parseDocument } from '../document/parse-document.ts';
import type { SourceText } from '../document/source-text.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { FoundProblems } from '../domain/text/found-problems.ts';
import { type Checked, errorAt, type Place, type Problem, placeText } from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';
import { warnOfNoGrants } from './check-unlisted.ts';
import { POLICY_CHECKS } from './policy-checks.ts';
import { PolicyReader } from './policy-reader.ts';
import { readPolicy } from './read-policy.ts';

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
  const { root, problems } = parseDocument(source);
  if (root === null) return { ok: false, problems: problems.report() };
  const shapeProblems = checkShape(root);
  if (root.kind !== 'map') {
    problems.pushAll(shapeProblems);
    problems.pushAll(unread(root.at, problems));
    return { ok: false, problems: problems.report() };
  }
  const reader = new PolicyReader();
  const draft = readPolicy(root, source.file, reader, shapeProblems.length === 0);
  problems.absorb(reader.problems);
  for (const check of POLICY_CHECKS) problems.pushAll(check(draft));
  problems.pushAll(withoutKnown(shapeProblems, problems.kept));
  if (reader.incomplete) problems.pushAll(unread(root.at, problems));
  if (problems.hasError) return { ok: false, problems: problems.report() };
  problems.pushAll(warnOfNoGrants(draft));
  return { ok: true, value: draft.policy, problems: problems.report() };
}

function withoutKnown(shape: readonly Problem[], own: readonly Problem[]): readonly Problem[] {
  const known = new Set(own.filter(({ severity }) => severity === 'error').map(({ at }) => placeText(at)));
  return shape.filter(({ code, at }) => !GENERAL.has(code) || !known.has(placeText(at)));
}

/** Reports an unreadable part without any other error, so that a gap in the schema cannot accept an incomplete policy. */
function unread(at: Place, found: FoundProblems): readonly Problem[] {
  if (found.hasError) return [];
  return [
    errorAt(
      at,
      'wrong-type',
      'grantd cannot read a part of this file as a policy',
      'compare it with the documentation',
    ),
  ];
}
