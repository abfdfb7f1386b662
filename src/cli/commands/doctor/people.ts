import { peopleLists, unmatchedPeople } from '../../../core/bind/unmatched-people.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { placeText } from '../../../core/domain/text/problem.ts';
import { counted } from '../../../core/domain/text/text.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, ok, unknown, warn } from './finding.ts';

/** Whether somebody in the account has each e-mail of `protected`, `ignore` and `never`. */
export async function checkPeople(context: DoctorContext): Promise<DoctorFinding | readonly DoctorFinding[]> {
  const [policy, account] = [await context.policyLook(), await context.accountLook()];
  if (policy.kind !== 'valid' || account.kind !== 'read' || account.observed instanceof GrantdError) {
    return unknown('not asked: the account was not read');
  }
  const lists = peopleLists(policy.resolved.policy);
  const notices = unmatchedPeople(lists, account.observed.actual.accesses);
  if (notices.length === 0) {
    const count = lists.reduce((sum, { entries }) => sum + entries.length, 0);
    return ok(
      `somebody fits each of ${counted(count, 'e-mail or pattern', 'e-mails and patterns')} of \`protected\`, \`ignore\` and \`never\``,
    );
  }
  return notices.map(({ message, remedy, at }) => warn(at === null ? message : `${placeText(at)}: ${message}`, remedy));
}
