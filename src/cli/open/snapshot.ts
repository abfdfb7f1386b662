import type { ActualState } from '../../core/domain/account/actual-state.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../../report/layout/fit.ts';
import type { CallContext } from '../line/command.ts';
import { type InputKind, readInput } from '../process/read-input.ts';

/** An account of ten thousand people with a hundred rows each stays below this. */
const SNAPSHOT_BYTES_MAX = 256 * 2 ** 20;

/** How grantd reads a snapshot. */
export const SNAPSHOT_FILE: InputKind = {
  noun: 'snapshot',
  code: 'snapshot-unreadable',
  bytesMax: SNAPSHOT_BYTES_MAX,
};

/** How many problems of a snapshot a message names. Fixing the first often fixes the rest. */
const PROBLEMS_SHOWN = 5;

/** An account as it was, and the file it comes from. */
export interface OpenedSnapshot {
  readonly actual: ActualState;
  readonly takenAt: Instant;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
}

/**
 * The account in a snapshot file. Throws `snapshot-unreadable`, also if it is another account than the given one; null
 * accepts any.
 */
export async function readSnapshot(call: CallContext, path: string, account: number | null): Promise<ActualState> {
  return (await openSnapshot(call, path, account)).actual;
}

/** As `readSnapshot`, with when it was taken and the hash of its file. */
export async function openSnapshot(call: CallContext, path: string, account: number | null): Promise<OpenedSnapshot> {
  const snapshot = await loadSnapshot(call, path, account);
  const judged = `Judged by the snapshot ${visibleText(path)} of ${instantText(snapshot.takenAt)}, not by the account.\n`;
  call.io.stderr.write(fitText(judged, call.paint.stderr));
  return snapshot;
}

/** As `openSnapshot`, without saying that something is judged by it. */
export async function loadSnapshot(call: CallContext, path: string, account: number | null): Promise<OpenedSnapshot> {
  const { text, sha256 } = await readInput(call, path, SNAPSHOT_FILE);
  const { decodeSnapshot } = await import('../../adapters/snapshot/snapshot.ts');
  const decoded = decodeSnapshot(text);
  if ('problems' in decoded) throw unreadable(path, decoded.problems.slice(0, PROBLEMS_SHOWN).join('; '));
  const { actual, takenAt } = decoded;
  if (account !== null && actual.account !== account) {
    throw new GrantdError(
      'snapshot-unreadable',
      `the snapshot ${path} is for account ${actual.account}, and the policy is for account ${account}`,
      'take one of the right account: grantd snapshot --out account.json',
    );
  }
  return { actual, takenAt, sha256 };
}

function unreadable(path: string, why: string): GrantdError {
  return new GrantdError(
    'snapshot-unreadable',
    `the snapshot ${path} cannot be read: ${why}`,
    'take one with grantd snapshot --out account.json, and do not edit it',
  );
}
