import { GrantdError } from '../../../core/domain/text/error.ts';
import { instantText } from '../../../core/domain/text/instant.ts';
import { UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { policiesOf } from '../../line/one-account.ts';
import { clearCommandOf, openStateStore } from '../../open/put-ledger.ts';
import { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, failFrom, ok, unknown } from './finding.ts';
import { leftOpenFinding } from './left-open.ts';
import type { DoctorCall } from './spec.ts';

/** Whether a PUT was seen to take rows that it did not name. Then grantd writes nothing to the account. */
export async function checkPutReplaces(context: DoctorContext): Promise<DoctorFinding> {
  try {
    const store = await openStateStore(context.call);
    const waiting = store && (await leftOpenFinding(context, store));
    if (waiting) return waiting;
    const look = await context.policyLook();
    if (look.kind !== 'valid') return unknown('not checked: no valid policy says for which account it is');
    if (store === null) return ok('no state is kept, so each run tries it anew on one principal');
    const found = await store.readPutReplaces(look.resolved.policy.account);
    if (found === null) return ok('no PUT was seen to take rows that it did not name');
    const when = found.foundAt === null ? 'earlier' : `on ${instantText(found.foundAt)}`;
    return fail(
      `${when}, a PUT took rows that it did not name, so grantd writes nothing to account ${found.account}`,
      `ask Mailtrap whether the bulk PUT keeps such rows; once it does, run ${clearCommandOf(context.call)}`,
    );
  } catch (error) {
    if (error instanceof GrantdError) return failFrom(error);
    throw error;
  }
}

/** `grantd doctor --clear put-replaces`: forgets what the check finds. The next run tries anew, on one principal. */
export async function clearPutReplaces(call: DoctorCall): Promise<ExitCode> {
  const { stdout } = call.io;
  const store = await openStateStore(call);
  if (store === null) {
    throw new UsageError(
      'nothing is cleared: neither stateDir nor stateConfigMap is set, so grantd does not know which state to clear',
      'add --state-dir DIR, --state-config-map NAME or --settings FILE, as the daemon has it',
    );
  }
  let isUnknown = false;
  for (const one of policiesOf(call)) {
    const look = await new DoctorContext(call, one).policyLook();
    if (look.kind !== 'valid') {
      stdout.write(`Not cleared: ${one.policy} is not valid, so it says no account. Run grantd validate.\n`);
      isUnknown = true;
      continue;
    }
    const { account } = look.resolved.policy;
    const wasThere = await store.clearPutReplaces(account);
    const said = wasThere
      ? `Cleared for account ${account}. The next run writes to one principal first, and reads that back.`
      : `Nothing to clear for account ${account}.`;
    stdout.write(`${said}\n`);
  }
  return isUnknown ? EXIT.invalid : EXIT.done;
}
