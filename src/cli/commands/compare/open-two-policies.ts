import type { PolicyTexts } from '../../../core/document/source-text.ts';
import type { ResolvedPolicy } from '../../../core/domain/policy/entitlement.ts';
import type { Checked } from '../../../core/domain/text/problem.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import type { CallContext } from '../../line/command.ts';
import { UsageError } from '../../line/errors.ts';
import { checkPolicyText, readPolicyAt, warnOfPolicy } from '../../open/policy.ts';

/** Two valid policies of one account. */
export interface TwoPolicies {
  readonly old: ResolvedPolicy;
  readonly next: ResolvedPolicy;
}

/**
 * Reads and validates both policies. Null if one is invalid, after printing every problem of both on stderr. Throws if a
 * file cannot be read, and if they are not for one account.
 */
export async function openTwoPolicies(
  call: CallContext,
  oldPath: string,
  nextPath: string,
): Promise<TwoPolicies | null> {
  if (oldPath === '-' && nextPath === '-')
    throw new UsageError('both policies are -, and standard input is one', 'name a file for one of them');
  const old = await check(call, oldPath);
  const next = await check(call, nextPath);
  for (const one of [old, next]) report(call, one);
  if (!old.checked.ok || !next.checked.ok) return null;
  const policies = { old: old.checked.value, next: next.checked.value };
  const [before, after] = [policies.old.policy.account, policies.next.policy.account];
  if (before !== after) {
    throw new UsageError(
      `${old.source.file} is for account ${before}, and ${next.source.file} for account ${after}`,
      'compare two policies of one account: the resources of two accounts have nothing in common',
    );
  }
  return policies;
}

interface CheckedFile {
  readonly source: PolicyTexts;
  readonly checked: Checked<ResolvedPolicy>;
}

async function check(call: CallContext, path: string): Promise<CheckedFile> {
  const { source } = await readPolicyAt(call, path);
  return { source, checked: await checkPolicyText(source) };
}

function report(call: CallContext, { source, checked }: CheckedFile): void {
  if (checked.ok) warnOfPolicy(call, checked.problems, source.file, source.file);
  else call.io.stderr.write(renderProblems(checked.problems, source, call.paint.stderr));
}
