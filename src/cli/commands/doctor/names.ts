import { bindPolicy } from '../../../core/bind/bind-policy.ts';
import { unresolvedText } from '../../../core/domain/plan/unresolved.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { shellWord } from '../../../core/domain/text/text.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, ok, unknown, warn } from './finding.ts';

/** Whether each name of the policy matches one resource. While one does not, every run of the daemon ends `deferred`. */
export async function checkNames(context: DoctorContext): Promise<DoctorFinding> {
  const [policy, account] = [await context.policyLook(), await context.accountLook()];
  if (policy.kind !== 'valid' || account.kind !== 'read' || account.observed instanceof GrantdError) {
    return unknown('not asked: the account was not read');
  }
  const { unresolved } = bindPolicy(policy.resolved, account.observed.actual, context.call.io.clock.now());
  const text = unresolvedText(unresolved);
  if (text === null) return ok('every name in use matches one resource');
  const command = `grantd plan ${shellWord(context.policy)}`;
  return warn(
    `${text}, so what relies on it waits`,
    `correct it, or use the id; ${command} names the nearest resource`,
  );
}
