import { resolve } from 'node:path';
import { readWithCommit } from '../../adapters/policy-file/read-with-commit.ts';
import { SETTINGS } from '../../adapters/settings/settings-table.ts';
import { MAX_TEXT_BYTES } from '../../core/document/check-text.ts';
import type { SourceText } from '../../core/document/source-text.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Policy } from '../../core/domain/policy/policy.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { type Checked, type Problem, placeText, sortProblems } from '../../core/domain/text/problem.ts';
import { counted, shellWord } from '../../core/domain/text/text.ts';
import { resolvePolicy } from '../../core/resolve/resolve-policy.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { InvalidPolicy } from '../line/errors.ts';
import { type InputKind, nameOfInput, readInput } from '../process/read-input.ts';
import { schemaCheck } from '../process/schema-check.ts';

/** A policy file as text, and the result of its validation. */
export interface CheckedPolicy {
  readonly source: SourceText;
  readonly revision: Revision;
  readonly checked: Checked<Policy>;
}

/** How grantd reads a policy file. */
export const POLICY_FILE: InputKind = { noun: 'policy file', code: 'policy-unreadable', bytesMax: MAX_TEXT_BYTES };

/** Reads and validates the policy that the call names. Throws `policy-unreadable`; problems are data. */
export async function checkPolicy(call: CallContext): Promise<CheckedPolicy> {
  const path = call.settings.policy;
  const { text, revision } = await readRevision(call, path).catch((error) => {
    throw path === SETTINGS.policy.default && call.namedPolicy === null ? withFirstSteps(error) : error;
  });
  const source = { file: nameOfInput(path), text };
  return { source, revision, checked: await validateAt(source, call.io.clock.now()) };
}

async function readRevision(
  call: CallContext,
  path: string,
): Promise<{ readonly text: string; readonly revision: Revision }> {
  const read = () => readInput(call, path, POLICY_FILE);
  const found =
    path === '-' ? { read: await read(), commit: null } : await readWithCommit(resolve(call.io.cwd, path), read);
  if (found === null) {
    const message = `the policy file ${path} was replaced each time grantd read it`;
    throw new GrantdError('policy-unreadable', message, 'find out what replaces a link in its path, then run again');
  }
  const { text, sha256 } = found.read;
  return { text, revision: { sha256, commit: found.commit } };
}

/** A user who names no policy may not have one yet. */
function withFirstSteps(error: unknown): unknown {
  if (!(error instanceof GrantdError)) return error;
  const remedy =
    'name a policy as the last word, or set GRANTD_POLICY; if you have none yet: grantd import writes one, grantd demo shows one at work';
  return new GrantdError(error.code, error.message, remedy, error);
}

/** The policy that the call names, ready to be bound. Throws `InvalidPolicy` if it has an error. */
export async function openPolicy(call: CallContext): Promise<ResolvedPolicy> {
  return (await openRevision(call)).resolved;
}

/** As `openPolicy`, with the revision of the text. */
export async function openRevision(
  call: CallContext,
): Promise<{ readonly resolved: ResolvedPolicy; readonly revision: Revision }> {
  const { source, revision, checked } = await checkPolicy(call);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, source);
  warnOfPolicy(call, checked.problems, source.file);
  return { resolved: resolvePolicy(checked.value), revision };
}

/** How many warnings of a policy a command names. */
const WARNINGS_NAMED = 3;

/** Names the warnings of a valid policy, and says how to see all of each. */
export function warnOfPolicy(
  { io, paint }: CallContext,
  warnings: readonly Problem[],
  file: string,
  noun = 'the policy',
): void {
  if (warnings.length === 0) return;
  const named = warnings
    .slice(0, WARNINGS_NAMED)
    .map(({ at, code, message }) => `${placeText(at)}: ${code}: ${message}`);
  const more = warnings.length - named.length;
  const what = `${noun} has ${counted(warnings.length, 'warning')}: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  io.stderr.write(warningText(what, `grantd validate ${shellWord(file)}`, paint.stderr));
}

/** Validates the text of one policy. Problems are data. */
export async function validate(source: SourceText): Promise<Checked<Policy>> {
  return (await validator())(source);
}

/** As `validate`, with the warnings that depend on the time. */
async function validateAt(source: SourceText, now: Instant): Promise<Checked<Policy>> {
  const checked = await validate(source);
  if (!checked.ok) return checked;
  const { warnOfLaterGrants } = await import('../../core/validate/check-unlisted.ts');
  return { ...checked, problems: sortProblems([...checked.problems, ...warnOfLaterGrants(checked.value, now)]) };
}

/** The YAML parser is loaded here, by the commands that take a policy. */
export async function validator(): Promise<(source: SourceText) => Checked<Policy>> {
  const [{ validatePolicy }, check] = await Promise.all([
    import('../../core/validate/validate-policy.ts'),
    schemaCheck('policy'),
  ]);
  return (source) => validatePolicy(source, check);
}

/** A policy's text, validated and resolved: everything that needs neither account nor clock. */
export async function checkPolicyText(source: SourceText): Promise<Checked<ResolvedPolicy>> {
  return (await policyTextCheck())(source);
}

/** As `checkPolicyText`, for several texts one after the other. */
export async function policyTextCheck(): Promise<(source: SourceText) => Checked<ResolvedPolicy>> {
  const validateText = await validator();
  return (source) => {
    const checked = validateText(source);
    return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
  };
}
