import type { RunEnd } from '../core/domain/run/daemon-event.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { Standing } from './policy-keeper.ts';

/** Knows how long each new text of the policy took from the disk to the account. */
export class AppliedTexts {
  #first: string | null = null;
  #applied: string | null = null;

  /**
   * Seconds since the file was modified, where this run is the first that made the account equal to this text; else null.
   * The text that the process began with may be as old as it likes, so it is not counted; and one that stands in is not
   * applied, however clean the run.
   */
  secondsToApplied(standing: Standing, end: RunEnd, now: Instant): number | null {
    if (standing.kind !== 'current') return null;
    const { revision, modifiedAt } = standing.policy;
    const { sha256 } = revision;
    this.#first ??= sha256;
    if ((end !== 'clean' && end !== 'applied') || this.#applied === sha256) return null;
    this.#applied = sha256;
    return sha256 === this.#first ? null : Math.max(0, now - modifiedAt) / 1000;
  }
}
