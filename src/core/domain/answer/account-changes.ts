import type { AccessLevel } from '../account/access-level.ts';
import type { Principal } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import type { PlanResource } from '../plan/plan-resource.ts';
import type { Instant } from '../text/instant.ts';
import type { Risk } from './comparison.ts';

/** One row that grantd wrote, as its audit log has it, in the order of the writes. */
export interface AuditedWrite {
  readonly principal: Principal;
  readonly access: number;
  readonly resource: ResourceId;
  readonly after: AccessLevel;
  readonly runId: string;
  readonly at: Instant;
}

/** The write of grantd that left a row as it is. */
export type WrittenBy = Pick<AuditedWrite, 'runId' | 'at'>;

/** A level before and after. */
export interface LevelShift {
  readonly before: AccessLevel;
  readonly after: AccessLevel;
}

/** Whether both snapshots have something, or only the later or the earlier one. */
export type Presence = 'both' | 'came' | 'left';

/** One row of a person or token that differs. */
export interface RowShift {
  /** Null: the row differs, and another row gives the same access before and after. */
  readonly risk: Risk | null;
  /** As the later snapshot shows it, if it does. */
  readonly principal: Principal;
  /** The account access id. Null for a token whose id of the list of API tokens alone is known. */
  readonly access: number | null;
  readonly presence: Presence;
  readonly resource: PlanResource;
  /** Whether the trees of both snapshots show the resource. `both` also for one that neither shows. */
  readonly resourcePresence: Presence;
  readonly row: LevelShift;
  /** What the person or token has there by all rows. */
  readonly reach: LevelShift;
  /** Null if no log was read, or no write in it left the row at this level. */
  readonly writtenBy: WrittenBy | null;
}

/** A person or token that came, left, or is shown otherwise: another e-mail or name, or an invite that was accepted. */
export interface HolderShift {
  readonly before: Principal | null;
  readonly after: Principal | null;
}

/** A resource that came, left, or has another name or place. */
export interface ResourceShift {
  readonly before: PlanResource | null;
  readonly after: PlanResource | null;
}

/** What changed in an account between two snapshots. */
export interface AccountChanges {
  readonly account: number;
  readonly from: Instant;
  readonly to: Instant;
  /** Whether an audit log was read, so that `writtenBy` means something. */
  readonly hasLog: boolean;
  /** The largest risk first, then by name and resource. */
  readonly rows: readonly RowShift[];
  readonly holders: readonly HolderShift[];
  readonly resources: readonly ResourceShift[];
}

/** Whether both snapshots show the same account. */
export function isUnchanged({ rows, holders, resources }: AccountChanges): boolean {
  return rows.length + holders.length + resources.length === 0;
}
