import { LEVEL } from '../../core/domain/account/access-level.ts';
import { changeKey } from '../../core/domain/plan/change-key.ts';
import type { ApprovedPart, Change, Plan } from '../../core/domain/plan/plan.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import type { JournalEntry, NamedRow, PutEnd, WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import { LEASE_LOST_TEXT, type WritePermit } from '../../core/domain/run/lease.ts';
import type { AccountWriter, RowWrite } from '../../core/domain/run/ports.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { JournalWatch } from './journal-watch.ts';
import type { SkewWatch } from './skew-watch.ts';

/** The changes of one PUT, and what the journal records with them. */
export interface ChangesToWrite {
  readonly plan: Pick<Plan, 'account' | 'digest' | 'approved'>;
  readonly runId: string;
  readonly revision: Revision | null;
  readonly access: number;
  readonly changes: readonly Change[];
  /** What the PUT leaves unnamed, if it is not proven yet that such rows stay. */
  readonly unnamed?: readonly NamedRow[];
  readonly journalWatch: JournalWatch;
  readonly skewWatch: SkewWatch;
  readonly abort: AbortSignal;
}

/**
 * Sends one bulk PUT. The journal records it before it is sent and after it ended; if the first record fails, nothing is sent.
 * A failure is returned, not thrown, because it concerns one principal. Any error other than `GrantdError` is a bug and is thrown.
 */
export async function writeChanges(
  ports: { readonly writer: AccountWriter; readonly journal: WriteJournal; readonly permit?: WritePermit },
  put: ChangesToWrite,
): Promise<BatchOutcome> {
  if (ports.permit?.writeMs() === null) return notTried(put.changes, null, LEASE_LOST_TEXT);
  const { plan, runId, revision, access, changes, unnamed, journalWatch, skewWatch, abort } = put;
  let entry: JournalEntry;
  try {
    entry = await ports.journal.intend({
      runId,
      account: plan.account,
      access,
      changes,
      revision,
      planDigest: plan.digest,
      approved: approvedAmong(plan, changes),
      ...(unnamed && { unnamed }),
    });
  } catch (error) {
    if (!(error instanceof GrantdError)) throw error;
    journalWatch.broken(error);
    return notTried(changes, error, error.message);
  }
  // The journal may have failed for another principal while this intent was written.
  const { failure, obstacle } = journalWatch;
  if (failure !== null) {
    await journalWatch.writeDown(entry, { kind: 'failed', error: failure });
    return notTried(changes, failure, obstacle);
  }
  const end = await send(ports, access, changes, abort);
  if (end.kind === 'answered') skewWatch.saw(end.receipt.serverTime);
  const auditHash = await journalWatch.writeDown(entry, end);
  if (end.kind === 'failed' && end.error.code === 'lease-lost') return notTried(changes, end.error, LEASE_LOST_TEXT);
  if (end.kind === 'answered') return { changes, sent: 'answered', error: null, reason: null, auditHash };
  return { changes, sent: 'failed', error: end.error, reason: end.error.message, auditHash };
}

/** The approved parts that these changes belong to. */
function approvedAmong({ approved }: Pick<Plan, 'approved'>, changes: readonly Change[]): readonly ApprovedPart[] {
  if (approved.length === 0) return [];
  const written = new Set(changes.map(changeKey));
  return approved.filter((part) => part.changes.some((change) => written.has(changeKey(change))));
}

function notTried(changes: readonly Change[], error: GrantdError | null, reason: string | null): BatchOutcome {
  return { changes, sent: 'not-tried', error, reason, auditHash: null };
}

async function send(
  { writer, permit }: { readonly writer: AccountWriter; readonly permit?: WritePermit },
  access: number,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<PutEnd> {
  try {
    return { kind: 'answered', receipt: await writer.writeRows(access, changes.map(toRowWrite), signal, permit) };
  } catch (error) {
    if (error instanceof GrantdError) return { kind: 'failed', error };
    throw error;
  }
}

function toRowWrite({ resource, after }: Change): RowWrite {
  const level = after === LEVEL.none ? null : after === LEVEL.admin ? 'admin' : 'viewer';
  return { resource: { type: resource.type, id: resource.id }, level };
}
