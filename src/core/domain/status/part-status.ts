import type { NoticeCode } from '../plan/notice.ts';
import type { ChangeKind, DeferredReason, GuardRule } from '../plan/plan.ts';

/** How many approved parts a status keeps of a run. */
export const APPROVED_KEPT = 20;

/** What guards hold of one principal. */
export interface HeldStatus {
  readonly digest: string;
  readonly principal: string;
  readonly rules: readonly GuardRule[];
  readonly changes: number;
  /** The line that approves it under `approvals:` of the policy; null if no approval can. */
  readonly approvalLine: string | null;
  /** The command that approves it for one run; null likewise. */
  readonly approve: string | null;
}

/** A part that ran by approval, by the digest that was approved. */
export interface ApprovedStatus extends Pick<HeldStatus, 'digest' | 'rules' | 'changes'> {
  /** Its principal, and who approved it; null if names are left out. */
  readonly principal: string | null;
  readonly by: string | null;
}

/** A notice about one person, in words. */
export interface NoticeStatus {
  readonly code: NoticeCode;
  readonly message: string;
  readonly remedy: string;
}

export interface ChangeStatus {
  readonly disposition: 'planned' | 'held' | 'deferred';
  readonly kind: ChangeKind;
  readonly principal: string;
  readonly access: number;
  /** `type:#id`. */
  readonly resource: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Why it is deferred. */
  readonly reason: DeferredReason | null;
  /** Who may have caused it, in the words of Mailtrap's audit events. Never a proof. */
  readonly hints: readonly string[];
}
