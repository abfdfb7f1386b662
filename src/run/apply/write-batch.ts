import { type Batch, isGain } from '../../core/domain/plan/batch.ts';
import type { Change, Plan } from '../../core/domain/plan/plan.ts';
import type { TokenPair } from '../../core/domain/plan/restraints.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import type { NamedRow, WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import type { WritePermit } from '../../core/domain/run/lease.ts';
import type { AccountReader, AccountWriter, Clock } from '../../core/domain/run/ports.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import type { AdminWatch } from './admin-watch.ts';
import type { ApprovalWatch } from './approval-watch.ts';
import { awaitRaises } from './await-raises.ts';
import type { JournalWatch } from './journal-watch.ts';
import type { PutWatch } from './put-watch.ts';
import type { SkewWatch } from './skew-watch.ts';
import { writeChanges } from './write-changes.ts';

/** The ports of writing. */
export interface ApplyPorts {
  readonly reader: AccountReader;
  readonly writer: AccountWriter;
  readonly clock: Clock;
  readonly journal: WriteJournal;
  /** Set if another process may write to the account as well. */
  readonly permit?: WritePermit;
}

/** What all PUTs of a run share. */
export interface WriteRequest {
  readonly plan: Plan;
  readonly runId: string;
  readonly revision: Revision | null;
  /** Asked before each PUT. */
  readonly admins: AdminWatch;
  /** Asked before each PUT. */
  readonly approvals: ApprovalWatch;
  readonly journalWatch: JournalWatch;
  readonly skewWatch: SkewWatch;
  readonly putWatch: Pick<PutWatch, 'obstacle' | 'leaveNamed'>;
  /** Awaited when the first raise of a token shows, before anything else of that token is written. */
  readonly onPairProved?: (pair: TokenPair) => Promise<void>;
  /** The most rows in one PUT. */
  readonly rowsPerPut: number;
  /** What the one PUT of a canary leaves unnamed. */
  readonly unnamed?: readonly NamedRow[];
  /** When this aborts, no further PUT begins; a PUT in flight goes on. */
  readonly stop: AbortSignal;
  /** When this aborts, requests in flight are cut off. */
  readonly abort: AbortSignal;
}

/** Sends the PUTs of one principal, one after the other. After a PUT that failed or does not show, the rest is not tried. */
export async function writeBatch(
  batch: Batch,
  ports: ApplyPorts,
  request: WriteRequest,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  const isUnproven = request.plan.unproven.includes(batch.access);
  let obstacle: string | null = null;
  let isProven = !isUnproven;
  let unseen: readonly Change[] = [];

  /** Why this PUT must not be sent, or null. Reads the account if the PUT relies on an earlier one. */
  async function obstacleTo(changes: readonly Change[]): Promise<string | null> {
    const general = generalObstacle(request);
    if (general !== null) return general;
    if (unseen.length > 0 && (!isProven || !changes.every(isGain))) {
      const missing = await awaitRaises(batch, unseen, ports, request);
      if (missing !== null) return request.skewWatch.obstacle ?? missingText(missing, batch, isProven);
      unseen = [];
      if (!isProven) await reportProof(batch, request);
      isProven = true;
    }
    const refusal = (await request.approvals.mayWrite(changes)) ?? (await request.admins.mayWrite(changes));
    if (refusal === null && !(await request.putWatch.leaveNamed(batch.access, changes))) return UNKEPT;
    return generalObstacle(request) ?? refusal;
  }

  for (const changes of putsOf(batch, isUnproven, request.rowsPerPut)) {
    obstacle ??= await obstacleTo(changes);
    if (obstacle !== null) {
      outcomes.push({ changes, sent: 'not-tried', error: null, reason: obstacle, auditHash: null });
      continue;
    }
    const outcome = await writeChanges(ports, { ...request, access: batch.access, changes });
    outcomes.push(outcome);
    if (outcome.sent === 'failed') obstacle = 'the PUT before it failed';
    if (outcome.sent === 'not-tried') obstacle = outcome.reason;
    unseen = [...unseen, ...changes.filter(isGain)];
  }
  return outcomes;
}

const UNKEPT = 'grantd could not keep in its state which rows this PUT names';

/** Reports that the raise of a token showed, so that its two ids belong together. */
export async function reportProof({ access, principal }: Batch, { onPairProved }: WriteRequest): Promise<void> {
  if (principal.kind === 'token') await onPairProved?.({ access, tokenId: principal.tokenId });
}

/** Why no PUT of any principal may begin, or null. */
function generalObstacle({ stop, journalWatch, skewWatch, putWatch }: WriteRequest): string | null {
  return stop.aborted ? 'asked to stop' : (journalWatch.obstacle ?? skewWatch.obstacle ?? putWatch.obstacle);
}

function missingText(missing: 'not-shown' | { readonly unread: string }, batch: Batch, isProven: boolean): string {
  const list = batch.principal.kind === 'token' ? 'the list of API tokens' : 'the list of account accesses';
  if (missing !== 'not-shown') return `grantd could not read ${list}: ${missing.unread}`;
  return isProven
    ? 'Mailtrap accepted the raises before it, but they do not show, so grantd does not remove what they replace'
    : `the raise of one row did not show on this token, so access ${batch.access} may belong to someone else: fix \`tokens\` and check that access`;
}

/** Cuts a batch into PUTs. The first of a token whose pair of ids is unproven holds one raise, which its plan has, and nothing else. */
function putsOf({ changes }: Batch, isUnproven: boolean, rowsPerPut: number): readonly (readonly Change[])[] {
  const head = isUnproven ? changes.slice(0, 1) : [];
  const puts: (readonly Change[])[] = head.length > 0 ? [head] : [];
  for (let from = head.length; from < changes.length; from += rowsPerPut)
    puts.push(changes.slice(from, from + rowsPerPut));
  return puts;
}
