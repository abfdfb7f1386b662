import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { longFlag } from '../../line/flags.ts';
import { showLog } from './show.ts';
import type { AuditCall } from './spec.ts';
import { undoLog } from './undo.ts';
import { verifyLog } from './verify.ts';

type Action = AuditCall['arguments']['action'];

/** The flags that not every action takes. */
const OWN_FLAGS = {
  last: ['show'],
  head: ['verify'],
  drift: ['undo'],
  who: ['show', 'undo'],
  run: ['show', 'undo'],
  since: ['show', 'undo'],
  until: ['show', 'undo'],
} as const satisfies Partial<Record<keyof AuditCall['flags'], readonly Action[]>>;

/** Each gives false if the chain of the log is broken. */
const ACTIONS: Readonly<Record<Action, (call: AuditCall) => Promise<boolean>>> = {
  show: showLog,
  verify: verifyLog,
  undo: undoLog,
};

/** Shows or verifies an audit log, or prints what gives back what it says was taken. Exits with 1 if its chain is broken. */
export async function runAudit(call: AuditCall): Promise<ExitCode> {
  const { action } = call.arguments;
  for (const [flag, owners] of Object.entries(OWN_FLAGS)) {
    const given = call.flags[flag as keyof typeof OWN_FLAGS];
    if (given === undefined || given === false || (owners as readonly Action[]).includes(action)) continue;
    throw new UsageError(`${longFlag(flag)} is for audit ${owners.join(' and ')}`, `leave it out of audit ${action}`);
  }
  return (await ACTIONS[action](call)) ? EXIT.done : EXIT.failed;
}
