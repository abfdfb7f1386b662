import { toAccessLevel } from '../domain/account/access-level.ts';
import type { ReviewEntry } from '../domain/answer/access-review.ts';
import type { ExplainedResource } from '../domain/answer/explanation.ts';
import type { WrittenInstant } from '../domain/text/instant.ts';

/**
 * From when to when the policy grants the level that it grants now. All grants of that level run now, so together they
 * last from the earliest beginning to the latest end, and one without a date has none.
 */
export function grantedPeriod({ reasons, entitled }: ExplainedResource): Pick<ReviewEntry, 'since' | 'until'> {
  const giving = reasons.flatMap(({ cause, from, covers }) =>
    cause.kind === 'grant' && covers === 'certain' && toAccessLevel(cause.level) === entitled.level
      ? [{ from, until: cause.until }]
      : [],
  );
  return {
    since: outermost(
      giving.map(({ from }) => from),
      (a, b) => a.at < b.at,
    ),
    until: outermost(
      giving.map(({ until }) => until),
      (a, b) => a.at > b.at,
    ),
  };
}

function outermost(
  dates: readonly (WrittenInstant | null)[],
  isFurther: (a: WrittenInstant, b: WrittenInstant) => boolean,
): WrittenInstant | null {
  const [first = null, ...others] = dates;
  return others.reduce(
    (far, date) => (far === null || date === null ? null : isFurther(date, far) ? date : far),
    first,
  );
}
