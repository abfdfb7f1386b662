import { MAX_TEXT_BYTES } from '../document/check-text.ts';
import type { SourceText } from '../document/source-text.ts';
import { GrantdError } from '../domain/error.ts';
import type { Policy } from '../domain/policy.ts';
import type { Checked } from '../domain/problem.ts';
import type { Revision } from '../domain/revision.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { SETTINGS } from '../settings/settings-table.ts';
import type { Call } from './command-spec.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import { type InputKind, nameOfInput, readInput } from './read-input.ts';
import { readSchema } from './shipped-file.ts';
import { warningText } from './warning-text.ts';

/** A policy file as text, and what validation makes of it. */
export interface CheckedPolicy {
  readonly source: SourceText;
  /** SHA-256 of the content, in hex. */
  readonly sha256: string;
  readonly checked: Checked<Policy>;
}

/** How a policy is read, wherever it is named. */
export const POLICY_FILE: InputKind = { noun: 'policy file', code: 'policy-unreadable', bytesMax: MAX_TEXT_BYTES };

/** Reads and validates the policy that the call names. Throws `policy-unreadable`; problems are data. */
export async function checkPolicy(call: Call): Promise<CheckedPolicy> {
  const path = call.settings.policy;
  const { text, sha256 } = await readInput(call, path, POLICY_FILE).catch((error) => {
    throw path === SETTINGS.policy.default && !call.flags.has('policy') ? withFirstSteps(error) : error;
  });
  const source = { file: nameOfInput(path), text };
  return { source, sha256, checked: await validate(source) };
}

/** Whoever named no policy may not have one yet. */
function withFirstSteps(error: unknown): unknown {
  if (!(error instanceof GrantdError)) return error;
  const remedy = 'name a policy as the last word, or set GRANTD_POLICY; no policy yet? grantd demo shows one at work';
  return new GrantdError(error.code, error.message, remedy, error);
}

/** The policy that the call names, ready to be bound. Throws `InvalidPolicy` where it has an error. */
export async function openPolicy(call: Call): Promise<ResolvedPolicy> {
  return (await openRevision(call)).resolved;
}

/** As `openPolicy`, and which text it was. */
export async function openRevision(
  call: Call,
): Promise<{ readonly resolved: ResolvedPolicy; readonly revision: Revision }> {
  const { source, sha256, checked } = await checkPolicy(call);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, source);
  warnOfPolicy(call, checked.problems.length, source.file);
  const { resolvePolicy } = await import('../resolve/resolve-policy.ts');
  return { resolved: resolvePolicy(checked.value), revision: { sha256, commit: null } };
}

/** Says that a valid policy has warnings, and how to see them. */
export function warnOfPolicy({ io, paint }: Call, count: number, file: string, noun = 'the policy'): void {
  if (count === 0) return;
  const what = `${noun} has ${count} ${count === 1 ? 'warning' : 'warnings'}`;
  io.stderr.write(warningText(what, `grantd validate ${file}`, paint.stderr));
}

/** ajv and the YAML parser are loaded here, by the commands that take a policy. */
export async function validate(source: SourceText): Promise<Checked<Policy>> {
  const [{ compileSchema }, { validatePolicy }, schema] = await Promise.all([
    import('../document/check-schema.ts'),
    import('../validate/validate-policy.ts'),
    readSchema('policy'),
  ]);
  return validatePolicy(source, compileSchema(JSON.parse(schema)));
}
