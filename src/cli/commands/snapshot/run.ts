import type { ActualState } from '../../../core/domain/account/actual-state.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { textFlag } from '../../line/flags.ts';
import { openAccount } from '../../open/account.ts';
import { accountFlag, openOwnAccount } from '../../open/own-account.ts';
import { openPolicy } from '../../open/policy.ts';
import { observeWhole } from '../../open/read-account.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';

export async function runSnapshot(call: Call): Promise<ExitCode> {
  // With the API tokens, even where this policy names none: another policy may be judged by the same snapshot.
  const actual = await observeNamed(call);
  const { encodeSnapshot } = await import('../../../adapters/snapshot/snapshot.ts');
  return print(call, encodeSnapshot(actual, call.io.clock.now()));
}

/** Whoever has no policy yet names the account; else the policy does. */
async function observeNamed(call: Call): Promise<ActualState> {
  const named = accountFlag(call);
  if (named === null) {
    const { account } = (await openPolicy(call)).policy;
    return observeWhole(call, account, await openAccount(call, account));
  }
  const { account, ports } = await openOwnAccount(call, named);
  return observeWhole(call, account, ports);
}

async function print({ io, flags }: Call, text: string): Promise<ExitCode> {
  const out = textFlag({ flags }, 'out');
  if (out === undefined) {
    io.stdout.write(text);
    return EXIT.done;
  }
  await writeOutputFile(io.cwd, out, text);
  io.stderr.write(`Saved to ${out}. Next: grantd plan --snapshot ${out}\n`);
  return EXIT.done;
}
