import type { AccessLevel } from '../account/access-level.ts';
import type { Principal } from '../account/principal.ts';
import type { Place } from '../text/problem.ts';
import type { PlanResource } from './plan-resource.ts';

/** A user or invite that no begun grant names, or whom only team files name, with what is beyond these. */
export interface Unlisted {
  readonly principal: Principal;
  readonly access: number;
  /** The line of `unlisted` that takes their access. Null: the policy leaves it, and they are left behind. */
  readonly revokedAt: Place | null;
  /** True if `observe` lists them: what they would lose is planned, and not written. */
  readonly isObserved: boolean;
  /** The team files that name them, each with a grant that has begun: `rows` are beyond what these decide. */
  readonly teamFiles: readonly string[];
  readonly rows: readonly HeldRow[];
  /** What of it they keep although `revokedAt` takes the rest, because a grant that gives it begins soon. */
  readonly shielded: readonly HeldRow[];
}

/** A row that somebody holds. */
export interface HeldRow {
  readonly resource: PlanResource;
  readonly level: AccessLevel;
}
