import type { Instant } from '../../core/domain/text/instant.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { fitText } from '../../report/layout/fit.ts';
import type { CallContext } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';
import { parseMoment } from '../line/parse-question.ts';

/** A call of a command that has `--at`. */
type CallWithMoment = CallContext & { readonly flags: { readonly at: string | undefined } };

/** The moment of `--at`. Null without the flag. Throws `UsageError`. */
export function momentOf({ flags }: CallWithMoment): Instant | null {
  return flags.at === undefined ? null : parseMoment('--at', flags.at);
}

/** Says that dates are judged at another moment, and the account is not: nobody knows how it was or will be. */
export function noteMoment({ io, paint }: CallContext, at: Instant | null): void {
  if (at === null) return;
  const text = `Dates are judged at ${instantText(at)}. The account is as it was read, not as it was or will be at that moment.\n`;
  io.stderr.write(fitText(text, paint.stderr));
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The most days that `--ending` takes. */
const DAYS_MOST = 3_650;

/** A number of days, such as `30d` or `4w`, in ms. Throws `UsageError`. */
export function parseDays(argument: string, text: string): number {
  const [, number, unit] = /^([1-9][0-9]{0,3})(d|w)$/.exec(text) ?? [];
  const days = Number(number) * (unit === 'w' ? 7 : 1);
  if (number === undefined || days > DAYS_MOST) {
    throw new UsageError(
      `${argument}: ${text} is no number of days up to ${DAYS_MOST}`,
      'write 30d, or 4w for four weeks',
    );
  }
  return days * DAY_MS;
}
