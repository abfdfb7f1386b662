import type { SourceText } from '../../../core/document/source-text.ts';
import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import { NO_RESTRAINTS } from '../../../core/domain/plan/restraints.ts';
import { MODES } from '../../../core/domain/policy/policy.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import { makePlan } from '../../../run/reconcile/make-plan.ts';
import type { CallContext } from '../../line/command.ts';
import { failureText } from '../../line/print-failure.ts';
import { checkPolicyText } from '../../open/check-policy-text.ts';

/**
 * Sees for itself that what was written is a valid policy, and that it would change nothing in any mode. Tells what is
 * wrong where it is not: an account may be too large for one policy.
 */
export async function proveImport(call: CallContext, source: SourceText, actual: ActualState): Promise<boolean> {
  const { io, paint } = call;
  const checked = await checkPolicyText(source);
  if (!checked.ok) {
    io.stderr.write(renderProblems(checked.problems, source, paint.stderr));
    const message = 'the account does not fit a policy as it is, so grantd would not accept what was written';
    io.stderr.write(failureText('import', { message, remedy: REMEDY }, paint.stderr));
    return false;
  }
  const resolved = checked.value;
  const now = io.clock.now();
  const changes = MODES.flatMap((mode) => {
    const { plan } = makePlan({ ...resolved, policy: { ...resolved.policy, mode } }, actual, now, NO_RESTRAINTS);
    return [...plan.changes, ...plan.held.flatMap((held) => held.changes), ...plan.deferred];
  });
  if (changes.length === 0) return true;
  const message = `the policy that was written would change ${changes.length} rows, and an import must change none`;
  const remedy = 'do not use it; please report this with a snapshot in which names are replaced';
  io.stderr.write(failureText('fault', { message, remedy }, paint.stderr));
  return false;
}

const REMEDY =
  'make it smaller by hand, e.g. with a pattern such as project:* in place of many names; then grantd validate';
