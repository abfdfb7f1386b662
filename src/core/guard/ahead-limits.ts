import { isKnownLong, knownSince, principalHash } from '../domain/account/known-ends.ts';
import { type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { AheadDate, AheadRefusal } from '../domain/plan/ahead.ts';
import { COUNTED_TOGETHER_MS } from '../domain/plan/near-dates.ts';
import { type Instant, instantText } from '../domain/text/instant.ts';
import type { GuardInput } from './guard-input.ts';
import { gainsMost, revokesMost } from './limit-numbers.ts';

/** What a date changes for one name. */
export interface NamedShift extends Omit<AheadDate, 'who'> {
  readonly name: PrincipalName;
  readonly isAccountAdmin: boolean;
}

/** How many names are in a message. */
const NAMED_MOST = 10;

/** The limits that dates ahead exceed, as things are now: for each, the 24 hours in which the most names count. */
export function refusalsAhead(input: GuardInput, shifts: readonly NamedShift[]): readonly AheadRefusal[] {
  const { desired, resolved, restraints } = input;
  const { now } = desired;
  const begins = fullestDay(
    shifts.filter(({ kind }) => kind === 'begins'),
    now,
  );
  const admins = fullestDay(
    shifts.filter(({ kind, isAccountAdmin }) => kind === 'begins' && isAccountAdmin),
    now,
  );
  const ends = fullestDay(countedEnds(input, shifts), now);
  const why =
    restraints.knownEnds === null
      ? ', unless its state shows that every accepted text set these ends for 24 hours before they come'
      : '. It will not have known these ends for 24 hours';
  return [
    ...exceeding(ends, 'revoke-limit', 'lose access', () => revokesMost(input).limit, why),
    ...exceeding(begins, 'gain-limit', 'gain access', () => gainsMost(input).limit),
    ...exceeding(admins, 'admin-limit', 'become account admin', () => resolved.policy.limits.newAdmins),
  ];
}

/** The ends that will count. One that grantd does not know yet will be known from now on, if this text is accepted. */
function countedEnds(
  { desired: { now }, restraints: { knownEnds } }: GuardInput,
  shifts: readonly NamedShift[],
): readonly NamedShift[] {
  const sinceOf = knownSince(knownEnds ?? []);
  return shifts.filter(({ kind, name, at: { at: end } }) => {
    if (kind === 'begins') return false;
    return knownEnds === null || !isKnownLong(end, sinceOf({ principal: principalHash(name), end }) ?? now);
  });
}

/** The names whose dates lie within 24 hours, and the first and the last of these dates. */
interface Day {
  readonly names: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
}

/** Those 24 hours, with a date ahead at their end, in which the most names have a date. */
function fullestDay(shifts: readonly NamedShift[], now: Instant): Day {
  const sorted = [...shifts].sort((a, b) => a.at.at - b.at.at);
  const times = new Map<string, number>();
  const count = (name: string, by: number) => {
    const left = (times.get(name) ?? 0) + by;
    if (left === 0) times.delete(name);
    else times.set(name, left);
  };
  let best = { count: 0, from: 0, to: -1 };
  let from = 0;
  for (const [to, { at, name }] of sorted.entries()) {
    count(principalNameText(name), 1);
    for (let gone = sorted[from]; gone && gone.at.at <= at.at - COUNTED_TOGETHER_MS; gone = sorted[from]) {
      count(principalNameText(gone.name), -1);
      from += 1;
    }
    if (at.at > now && times.size > best.count) best = { count: times.size, from, to };
  }
  const day = sorted.slice(best.from, best.to + 1);
  return {
    names: [...new Map(day.map(({ name }) => [principalNameText(name), writtenName(name)])).values()],
    from: day.at(0)?.at.at ?? now,
    to: day.at(-1)?.at.at ?? now,
  };
}

function exceeding(
  { names, from, to }: Day,
  rule: AheadRefusal['rule'],
  what: string,
  limitOf: () => number,
  why = '',
): readonly AheadRefusal[] {
  const limit = names.length === 0 ? 0 : limitOf();
  if (names.length <= limit) return [];
  const shown = names.slice(0, NAMED_MOST).join(', ') + (names.length > NAMED_MOST ? ' and others' : '');
  const when = from === to ? `at ${instantText(from)}` : `between ${instantText(from)} and ${instantText(to)}`;
  const message = `${names.length} ${names.length === 1 ? what.replace(/^\w+/, '$&s') : what} ${when}, and the limit is ${limit}: grantd will hold changes until you approve them${why} (${shown})`;
  return [{ rule, from, to, message }];
}
