import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import { shellWord, visibleText } from '../../../core/domain/text/text.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { openAccount } from '../../open/account.ts';
import { accountOf, openOwnAccount } from '../../open/own-account.ts';
import { openPolicy } from '../../open/policy.ts';
import { observeWhole } from '../../open/read-account.ts';
import { nextText } from '../../process/next-line.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';
import type { SnapshotCall } from './spec.ts';

/** Reads the account and prints it as a snapshot, or saves it with `--out`. */
export async function runSnapshot(call: SnapshotCall): Promise<ExitCode> {
  // With the API tokens, even if this policy names none: the same snapshot may serve another policy.
  const actual = await observeNamed(call);
  const { encodeSnapshot } = await import('../../../adapters/snapshot/snapshot.ts');
  return print(call, encodeSnapshot(actual, call.io.clock.now()));
}

/** Without a policy, --account names the account. */
async function observeNamed(call: SnapshotCall): Promise<ActualState> {
  const named = accountOf(call.flags.account);
  if (named === null) {
    const { account } = (await openPolicy(call)).policy;
    return observeWhole(call, account, await openAccount(call, account));
  }
  const { account, ports } = await openOwnAccount(call, named);
  return observeWhole(call, account, ports);
}

async function print({ io, paint, flags: { out } }: SnapshotCall, text: string): Promise<ExitCode> {
  if (out === undefined) {
    io.stdout.write(text);
    return EXIT.done;
  }
  await writeOutputFile(io.cwd, out, text);
  const next = ['grantd', 'plan', '--snapshot', out].map(shellWord).join(' ');
  io.stderr.write(nextText(`Saved to ${visibleText(out)}.`, next, paint.stderr));
  return EXIT.done;
}
