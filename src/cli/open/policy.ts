import { resolve } from 'node:path';
import { withIncluded } from '../../adapters/policy-file/read-included.ts';
import { readWithCommit } from '../../adapters/policy-file/read-with-commit.ts';
import { SETTINGS } from '../../adapters/settings/settings-table.ts';
import { MAX_TEXT_BYTES } from '../../core/document/check-text.ts';
import type { PolicyTexts } from '../../core/document/source-text.ts';
import type { ResolvedPolicy } from '../../core/domain/policy/entitlement.ts';
import type { Policy } from '../../core/domain/policy/policy.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { type Checked, type Problem, placeText, sortProblems } from '../../core/domain/text/problem.ts';
import { counted, shellWord } from '../../core/domain/text/text.ts';
import { resolvePolicy } from '../../core/resolve/resolve-policy.ts';
import type { PartChecks } from '../../core/validate/validate-policy.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { InvalidPolicy } from '../line/errors.ts';
import { type InputKind, nameOfInput, readInput } from '../process/read-input.ts';
import { schemaCheck } from '../process/schema-check.ts';

/** A policy file as text, and the result of its validation. */
export interface CheckedPolicy {
  readonly source: PolicyTexts;
  readonly revision: Revision;
  readonly checked: Checked<Policy>;
}

/** How grantd reads a policy file. */
export const POLICY_FILE: InputKind = { noun: 'policy file', code: 'policy-unreadable', bytesMax: MAX_TEXT_BYTES };

/** Reads and validates the policy that the call names. Throws `policy-unreadable`; problems are data. */
export async function checkPolicy(call: CallContext): Promise<CheckedPolicy> {
  const path = call.settings.policy;
  const { source, revision } = await readPolicyAt(call, path).catch((error) => {
    throw path === SETTINGS.policy.default && call.namedPolicy === null ? withFirstSteps(error) : error;
  });
  return { source, revision, checked: await validateAt(source, call.io.clock.now()) };
}

/** Reads a policy file, with the files that it includes. Throws `policy-unreadable` if the root file cannot be read. */
export async function readPolicyAt(
  call: CallContext,
  path: string,
): Promise<{ readonly source: PolicyTexts; readonly revision: Revision }> {
  const read = async (realPath: string | null) => {
    const root = await readInput(call, path, POLICY_FILE);
    return withIncluded(root, nameOfInput(path), realPath, (real, shown) => readInput(call, shown, POLICY_FILE, real));
  };
  const found =
    path === '-'
      ? { read: await read(null), commit: null }
      : await readWithCommit(resolve(call.io.cwd, path), ({ realPath }) => read(realPath));
  if (found === null) {
    const message = `the policy file ${path} was replaced each time grantd read it`;
    throw new GrantdError('policy-unreadable', message, 'find out what replaces a link in its path, then run again');
  }
  const { source, sha256 } = found.read;
  return { source, revision: { sha256, commit: found.commit } };
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
export async function validate(source: PolicyTexts): Promise<Checked<Policy>> {
  return (await validator())(source);
}

/** As `validate`, with the warnings that depend on the time. */
async function validateAt(source: PolicyTexts, now: Instant): Promise<Checked<Policy>> {
  const checked = await validate(source);
  if (!checked.ok) return checked;
  const { warnOfLaterGrants } = await import('../../core/validate/check-unlisted.ts');
  return { ...checked, problems: sortProblems([...checked.problems, ...warnOfLaterGrants(checked.value, now)]) };
}

/** The YAML parser is loaded here, by the commands that take a policy. The checks of included files are loaded where there are any. */
export async function validator(): Promise<(source: PolicyTexts) => Promise<Checked<Policy>>> {
  const [{ validatePolicy }, check] = await Promise.all([
    import('../../core/validate/validate-policy.ts'),
    schemaCheck('policy'),
  ]);
  return async (source) => validatePolicy(source, check, source.included === undefined ? null : await partChecks());
}

async function partChecks(): Promise<PartChecks> {
  const [shared, team, approvals] = await Promise.all([
    schemaCheck('shared'),
    schemaCheck('team'),
    schemaCheck('approvals'),
  ]);
  return { shared, team, approvals };
}

/** As `checkPolicyText`, for several versions of one policy, one after the other. */
export async function policyTextCheck({
  included,
}: PolicyTexts): Promise<(source: PolicyTexts) => Checked<ResolvedPolicy>> {
  const [{ validatePolicy }, check, parts] = await Promise.all([
    import('../../core/validate/validate-policy.ts'),
    schemaCheck('policy'),
    included === undefined ? null : partChecks(),
  ]);
  return (source) => resolveChecked(validatePolicy(source, check, parts));
}

/** A policy's text, validated and resolved: everything that needs neither account nor clock. */
export async function checkPolicyText(source: PolicyTexts): Promise<Checked<ResolvedPolicy>> {
  return resolveChecked(await validate(source));
}

function resolveChecked(checked: Checked<Policy>): Checked<ResolvedPolicy> {
  return checked.ok ? { ...checked, value: resolvePolicy(checked.value) } : checked;
}
