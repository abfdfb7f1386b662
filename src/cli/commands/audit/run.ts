import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { longFlag } from '../../line/flags.ts';
import { showLog } from './show.ts';
import type { AuditCall } from './spec.ts';
import { verifyLog } from './verify.ts';

/** Flags that only one of the two actions takes. */
const OWN_FLAGS = [
  { action: 'show', flags: ['last', 'who', 'run'] },
  { action: 'verify', flags: ['head'] },
] as const satisfies readonly {
  readonly action: AuditCall['arguments']['action'];
  readonly flags: readonly (keyof AuditCall['flags'])[];
}[];

/** Shows or verifies an audit log. Exits with 1 if its chain is broken. */
export async function runAudit(call: AuditCall): Promise<ExitCode> {
  const { action } = call.arguments;
  for (const { action: owner, flags } of OWN_FLAGS) {
    const stray = owner === action ? undefined : flags.find((flag) => call.flags[flag] !== undefined);
    if (stray !== undefined) {
      throw new UsageError(`${longFlag(stray)} is for audit ${owner}`, `leave it out of audit ${action}`);
    }
  }
  const isWhole = action === 'verify' ? await verifyLog(call) : await showLog(call);
  return isWhole ? EXIT.done : EXIT.failed;
}
