import type { Plan } from '../../../core/domain/plan/plan.ts';
import { isApprovable } from '../../../core/domain/plan/plan.ts';
import { GrantdError } from '../../../core/domain/text/error.ts';
import { counted } from '../../../core/domain/text/text.ts';

/** How many digests the message names. */
const DIGESTS_SHOWN = 10;

/**
 * Throws `approval-unfit` if a digest that was given by hand lets nothing pass. What the person meant to approve is then not what
 * this run would write, so it must write nothing.
 */
export function requireFitting({ approved, held }: Pick<Plan, 'approved' | 'held'>, byHand: readonly string[]): void {
  const used = new Set(approved.map(({ digest }) => digest));
  const unfit = byHand.filter((digest) => !used.has(digest));
  if (unfit.length === 0) return;
  const digests = held.filter(isApprovable).map(({ digest }) => digest);
  throw new GrantdError(
    'approval-unfit',
    `--approve ${listed(unfit)} fits no held part that can be approved, so grantd wrote nothing: the change was made, is not needed, or is different now`,
    digests.length === 0
      ? 'leave --approve out: there is no such part now'
      : `approve what is held now (${counted(digests.length, 'part')}): ${listed(digests)}; or leave --approve out`,
  );
}

function listed(digests: readonly string[]): string {
  const more = digests.length - DIGESTS_SHOWN;
  return digests.slice(0, DIGESTS_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
