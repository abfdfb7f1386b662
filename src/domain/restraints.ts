import type { AccessLevel } from './access-level.ts';
import type { Instant } from './instant.ts';
import type { ResourceId } from './resource.ts';

/** The two ids of one API token, as an operator declared them. */
export interface TokenPair {
  readonly access: number;
  readonly tokenId: number;
}

/** One row of one account access, and the level that it was to get: what makes two planned changes the same one. */
export interface SameChange {
  readonly access: number;
  readonly resource: ResourceId;
  readonly after: AccessLevel;
}

/**
 * What is remembered of earlier runs and bears on whether a change is written now. It never adds a change to a plan:
 * without it a plan asks for the same, and some of it waits.
 */
export interface Restraints {
  /** Pairs that a write has proved: their rows are written like anybody's. */
  readonly provenPairs: readonly TokenPair[];
  /** Pairs whose first raise was answered and did not show: nothing of them is written until the entry changes. */
  readonly disprovenPairs: readonly TokenPair[];
  /** Contested changes that are not to be tried again yet. */
  readonly contested: readonly SameChange[];
  /** When this text of the policy was first accepted; null where nobody remembers. */
  readonly acceptedAt: Instant | null;
  /** True while a last good policy stands in for a text that is invalid or missing: it only takes back what ends. */
  readonly standsIn: boolean;
}

export const NO_RESTRAINTS: Restraints = {
  provenPairs: [],
  disprovenPairs: [],
  contested: [],
  acceptedAt: null,
  standsIn: false,
};
