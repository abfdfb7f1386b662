import { LEVEL } from '../../core/domain/account/access-level.ts';
import type { ActualState } from '../../core/domain/account/actual-state.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../core/domain/account/resource-tree.ts';
import type { AccountReader, Clock, TimedValue } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';

/** The account as it was read, and how far this machine's clock is ahead of the API's, in milliseconds (null without a date). */
export interface Observation {
  readonly actual: ActualState;
  readonly clockAheadMs: number | null;
}

/**
 * Reads the account: first it confirms that this is the right one, then it reads the tree and the lists at once. An answer that
 * is empty or broken, or that shows that this token can write nothing, is an error as a whole: no part of it is used.
 */
export async function observeAccount(
  reader: AccountReader,
  clock: Pick<Clock, 'now'>,
  request: { readonly account: number; readonly needsTokens: boolean; readonly signal: AbortSignal },
): Promise<Observation> {
  const { account, needsTokens, signal } = request;
  await reader.confirmAccount(signal);
  let clockAheadMs: number | null = null;
  async function timed<T>(reading: Promise<TimedValue<T>>): Promise<T> {
    const { value, serverTime } = await reading;
    const aheadMs = serverTime === null ? null : clock.now() - serverTime;
    if (aheadMs !== null && Math.abs(aheadMs) >= Math.abs(clockAheadMs ?? 0)) clockAheadMs = aheadMs;
    return value;
  }
  const [listed, accesses, apiTokens] = await Promise.all([
    timed(reader.readResources(signal)),
    timed(reader.readAccesses(signal)),
    needsTokens ? timed(reader.readApiTokens(signal)) : null,
  ]);
  const tree = toTree(account, listed);
  if (accesses.length === 0) throw emptyRead('the list of account accesses');
  if (!accesses.some((access) => access.canUpdate)) {
    throw new GrantdError(
      'nothing-writable',
      `this token may update none of the ${accesses.length} account accesses`,
      'use a token that is an admin of the account',
    );
  }
  return { actual: { account, tree, accesses, apiTokens }, clockAheadMs };
}

function toTree(account: number, listed: readonly ListedResource[]): ResourceTree {
  if (listed.length === 0) throw emptyRead('the tree of resources');
  const tree = buildResourceTree(account, listed);
  if (!isTreeFault(tree)) {
    if (!tree.root.shown || tree.root.tokenLevel >= LEVEL.admin) return tree;
    throw new GrantdError(
      'nothing-writable',
      `the account shows level ${tree.root.tokenLevel} for this token, which is below admin`,
      'use a token that is an admin of the account',
    );
  }
  if (tree.kind === 'wrong-account') {
    throw new GrantdError(
      'wrong-account',
      `the tree of resources belongs to account ${tree.shown}, but the policy is for account ${account}`,
      'check `account` in the policy, and the account of the token',
    );
  }
  throw new GrantdError(
    'api-malformed',
    `the tree of resources lists ${resourceKey(tree.resource)} twice`,
    'try again; if this persists, report it to Mailtrap. Until then, grantd writes nothing',
  );
}

function emptyRead(what: string): GrantdError {
  return new GrantdError(
    'empty-read',
    `${what} came back empty, but no account is empty`,
    'check what the token may see; grantd writes nothing after an empty read',
  );
}
