import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { LIMIT_RULES } from '../../../core/domain/plan/limit-rules.ts';
import type { Plan } from '../../../core/domain/plan/plan.ts';
import { warningText } from '../../../report/problems/text.ts';
import type { ApplyContext } from './context.ts';

/** Says what a person should know before this plan is written: what will have no record, and what the next run may do. */
export function warnFirst(
  { call, shared, progress }: Pick<ApplyContext, 'call' | 'shared' | 'progress'>,
  plan: Plan,
): void {
  progress.clear();
  const warn = (message: string, remedy: string) =>
    call.io.stderr.write(warningText(message, remedy, call.paint.stderr));
  if (plan.verdict !== 'allowed') return;
  const asks = !call.flags.yes && !call.flags.unattended;
  if ((asks || plan.approved.length > 0) && auditLogPath(call.settings, plan.account) === null) {
    const what = plan.approved.length === 0 ? 'what this run writes' : 'what this run writes, and who approved it';
    warn(`no audit log is set, so grantd keeps no record of ${what}`, 'add --audit-log FILE, or --state-dir DIR');
  }
  if (shared !== null) return;
  if (mayPassLater(plan)) {
    warn(
      'apply remembers nothing: what stays held beside an approved part may pass the limit in the next run',
      'if it must not be written, change the policy before the next run',
    );
  } else {
    warn(
      'no state is set, so this run may write what a daemon holds: grantd does not know what stays held beside an approved part',
      'if a daemon keeps this account, add its --state-dir or --state-config-map',
    );
  }
}

/** Whether a limit holds something beside a part that it would hold without its approval. */
function mayPassLater({ approved, held }: Plan): boolean {
  const exceeded = new Set(approved.flatMap(({ rules }) => rules));
  return held.some(({ rules }) => LIMIT_RULES.some((rule) => rules.includes(rule) && exceeded.has(rule)));
}
