import type { AccountAccess } from '../../core/domain/account/actual-state.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import type { OpenCanary } from '../../core/domain/account/put-memory.ts';
import type { ResourceTree } from '../../core/domain/account/resource-tree.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import { judgeCanary } from '../../core/guard/judge-canary.ts';
import { isBesideSet, isWritableAsItIs, unnamedRows } from '../../core/guard/put-canary.ts';
import type { PutWatch } from './put-watch.ts';
import { giveBackAll, type LostRows } from './settle-canaries.ts';
import type { ApplyPorts } from './write-batch.ts';

/** What a run wrote, and the account before and after it. */
export interface WatchedWrites {
  readonly runId: string;
  readonly planDigest: string;
  readonly tree: ResourceTree;
  /** Every access with its rows, before and after. */
  readonly holders: ReadonlyMap<number, AccountAccess>;
  readonly batches: readonly BatchOutcome[];
  readonly after: ReadonlyMap<number, AccountAccess>;
}

/** One person may lose all of their rows to someone else in the same moment; two hardly do. */
const LOSSES_LEAST = 2;

/**
 * After the proof, every confirming read keeps watch. Rows that stayed renew the proof. If two accesses lost every row that their
 * PUTs did not name, grantd gives those back, and this throws `put-replaces`.
 */
export async function watchUnnamed(writes: WatchedWrites, ports: ApplyPorts, watch: PutWatch): Promise<void> {
  const stayed: Principal['kind'][] = [];
  const lost: LostRows[] = [];
  for (const [access, changes] of changesByAccess(writes.batches)) {
    const holder = writes.holders.get(access);
    const seen = writes.after.get(access);
    if (holder === undefined || seen === undefined) continue;
    const canary = asCanary(holder, changes, writes, watch.ledger.api, ports.clock.now());
    if (canary.unnamed.length === 0) continue;
    const { kind } = judgeCanary(canary, seen.rows);
    if (kind === 'stayed') stayed.push(canary.kind);
    if (kind === 'all-gone' && isRevealing(canary, changes, writes)) lost.push({ canary, seen });
  }
  if (lost.length < LOSSES_LEAST) return watch.renew(stayed);
  // Kept before anything else can go wrong: the next run finishes what this one cannot.
  for (const { canary } of lost) await watch.keep(canary);
  await giveBackAll(lost, ports, watch);
}

/** Covered rows above or below a raise may go for another reason. */
function isRevealing({ unnamed }: OpenCanary, changes: readonly Change[], { tree }: WatchedWrites): boolean {
  return unnamed.some((row) => !isBesideSet(row, changes, tree)) && unnamed.every((row) => isWritableAsItIs(row, tree));
}

function asCanary(
  { access, principal, rows }: AccountAccess,
  changes: readonly Change[],
  { runId, planDigest }: WatchedWrites,
  api: string,
  now: number,
): OpenCanary {
  return {
    api,
    runId,
    planDigest,
    access,
    kind: principal.kind,
    tokenId: principal.kind === 'token' ? principal.tokenId : null,
    sentAt: now,
    isAnswered: false,
    written: changes.map(({ resource: { type, id }, after }) => ({ type, id, level: after })),
    unnamed: unnamedRows(rows, changes).map(({ type, id, level }) => ({ type, id, level })),
  };
}

function changesByAccess(batches: readonly BatchOutcome[]): ReadonlyMap<number, readonly Change[]> {
  const written = new Map<number, Change[]>();
  for (const { changes, sent } of batches) {
    if (sent === 'not-tried') continue;
    for (const change of changes) {
      const known = written.get(change.access);
      if (known) known.push(change);
      else written.set(change.access, [change]);
    }
  }
  return written;
}
