import type { ActualState } from '../../core/domain/account/actual-state.ts';
import { observeAccount } from '../../run/observe/observe-account.ts';
import type { CallContext } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';
import { NEVER } from '../process/node-io.ts';
import { Progress } from '../process/terminal.ts';
import { openAccount } from './account.ts';
import type { AccountPorts } from './connect.ts';
import { accountOf, openOwnAccount } from './own-account.ts';
import { readSnapshot } from './snapshot.ts';

/** The account of a policy, with all its API tokens: from `--snapshot`, else as it is now. */
export async function readWholeAccount(
  call: CallContext,
  account: number,
  snapshot: string | undefined,
): Promise<ActualState> {
  if (snapshot !== undefined) return readSnapshot(call, snapshot, account);
  return observeWhole(call, account, await openAccount(call, account));
}

/** As `readWholeAccount`, for the account of `--account`, the snapshot or the token. */
export async function readOwnAccount(
  call: CallContext,
  flags: { readonly snapshot: string | undefined; readonly account: string | undefined },
): Promise<ActualState> {
  const { snapshot } = flags;
  const named = accountOf(flags.account);
  if (snapshot !== undefined) return ofAccount(await readSnapshot(call, snapshot, null), named);
  const { account, ports } = await openOwnAccount(call, named);
  return observeWhole(call, account, ports);
}

/** Reads the account over the API, with its API tokens. */
export async function observeWhole(call: CallContext, account: number, ports: AccountPorts): Promise<ActualState> {
  const progress = new Progress(call.io.stderr);
  progress.show('reading the account');
  try {
    const request = { account, needsTokens: true, signal: NEVER };
    return (await observeAccount(ports.reader, ports.clock, request)).actual;
  } finally {
    progress.end();
  }
}

function ofAccount(actual: ActualState, named: number | null): ActualState {
  if (named === null || actual.account === named) return actual;
  throw new UsageError(
    `the snapshot is for account ${actual.account}, and --account says ${named}`,
    'leave --account out, or name another snapshot',
  );
}
