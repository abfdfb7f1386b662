import type { SchemaCheck } from '../document/check-schema.ts';
import type { MapNode } from '../document/document-node.ts';
import { parseDocument } from '../document/parse-document.ts';
import type { PolicyTexts, SourceText } from '../document/source-text.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { FoundProblems } from '../domain/text/found-problems.ts';
import { type Checked, errorAt, type Place, type Problem, placeText } from '../domain/text/problem.ts';
import type { ProblemCode } from '../domain/text/problem-code.ts';
import { warnOfNoGrants } from './check-unlisted.ts';
import { type IncludedFile, mergeParts } from './merge-parts.ts';
import { POLICY_CHECKS } from './policy-checks.ts';
import { PolicyReader } from './policy-reader.ts';
import type { IncludedKind, IncludeEntry } from './read-include.ts';
import { checkCompleteLast, readPart } from './read-part.ts';
import { readPolicy, unreadableIn } from './read-policy.ts';

/** The check of each kind of included file against its schema. */
export type PartChecks = Readonly<Record<IncludedKind, SchemaCheck>>;

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
 * Turns the text of a policy, with the files that it includes, into a policy, or into all of its problems. It accepts any text
 * and never throws. A wrong shape does not stop the cross-checks: each sees the readable parts, and consequences of another
 * problem are not reported twice. Without `partChecks`, no included file counts as read.
 */
export function validatePolicy(
  source: PolicyTexts,
  checkShape: SchemaCheck,
  partChecks: PartChecks | null = null,
): Checked<Policy> {
  const file = readFile(source, checkShape, (root, reader, hasShape) =>
    readPolicy(root, source.file, reader, hasShape),
  );
  const { problems } = file;
  if (file.read === null) return { ok: false, problems: problems.report() };
  const parts = file.read.include.map((entry) => readIncluded(entry, source, partChecks));
  const draft = mergeParts(
    file.read,
    parts.map(({ read }) => read),
  );
  for (const part of parts) problems.absorb(part.problems);
  for (const check of POLICY_CHECKS) problems.pushAll(check(draft));
  const files = [file, ...parts];
  problems.pushAll(
    withoutKnown(
      files.flatMap(({ shape }) => shape),
      problems.kept,
    ),
  );
  const unreadable = files.find(({ isIncomplete }) => isIncomplete);
  if (unreadable) problems.pushAll(unread(unreadable.at, problems));
  if (problems.hasError) return { ok: false, problems: problems.report() };
  problems.pushAll(warnOfNoGrants(draft));
  return { ok: true, value: draft.policy, problems: problems.report() };
}

/** One file, as far as it is readable. */
interface FileReading<T> {
  /** Null if nothing is known about its content. */
  readonly read: T | null;
  readonly problems: FoundProblems;
  /** What its schema says. */
  readonly shape: readonly Problem[];
  readonly isIncomplete: boolean;
  readonly at: Place;
}

function readFile<T>(
  source: SourceText,
  checkShape: SchemaCheck,
  read: (root: MapNode, reader: PolicyReader, hasShape: boolean) => T,
): FileReading<T> {
  const { root, problems } = parseDocument(source);
  const at = root?.at ?? { file: source.file, line: 1, column: 1, length: 1 };
  if (root === null) return { read: null, problems, shape: [], isIncomplete: true, at };
  const shape = checkShape(root);
  if (root.kind !== 'map') {
    problems.pushAll(shape);
    problems.pushAll(unread(at, problems));
    return { read: null, problems, shape: [], isIncomplete: true, at };
  }
  const reader = new PolicyReader();
  const value = read(root, reader, shape.length === 0);
  problems.absorb(reader.problems);
  return { read: value, problems, shape, isIncomplete: reader.incomplete, at };
}

/** Reads one included file. What cannot be read at all is a problem of its line under `include`. */
function readIncluded(
  entry: IncludeEntry,
  { included = [] }: PolicyTexts,
  checks: PartChecks | null,
): FileReading<IncludedFile> {
  const text = included.find(({ path }) => path === entry.path);
  if (text === undefined || checks === null || 'failure' in text) {
    const why = text !== undefined && 'failure' in text ? text.failure : 'grantd did not look for it';
    const problems = new FoundProblems();
    const remedy = 'correct the path, or deliver the file together with this one';
    problems.push(errorAt(entry.pathAt, 'include-unreadable', `${entry.path} cannot be read: ${why}`, remedy));
    return { read: null, problems, shape: [], isIncomplete: true, at: entry.at };
  }
  const { source } = text;
  return readFile(source, checks[entry.kind], (root, reader, hasShape) => {
    reader.problems.pushAll(checkCompleteLast(root));
    const team = entry.kind === 'team' ? { ...entry.team, file: source.file } : null;
    const part = readPart(root, source.file, team, reader);
    const isWhole = hasShape && !reader.incomplete && !reader.problems.hasError;
    return { kind: entry.kind, part, unreadable: unreadableIn(root), emails: reader.emails, isWhole };
  });
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
