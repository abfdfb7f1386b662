import type { AccountAccess } from '../domain/account/actual-state.ts';
import { spellingsOf } from '../domain/account/email.ts';
import { nameOf, nameOfEnd, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { Notice } from '../domain/plan/notice.ts';
import { type Entitlement, endedByFor, type GrantMember } from '../domain/policy/entitlement.ts';
import type { End } from '../domain/policy/policy.ts';
import type { Instant, WrittenInstant } from '../domain/text/instant.ts';
import { comparePlaces, type Place, placeText } from '../domain/text/problem.ts';
import { compareText } from '../domain/text/text.ts';

/** How long before its end a grant gets an `ends-soon` notice, in ms. */
export const ENDS_SOON_MS = 7 * 24 * 60 * 60 * 1000;

/** The most names that one notice lists. */
const NAMED_MOST = 100;

/** What ends within `ENDS_SOON_MS`: a notice for each grant, with its members, and one for each person with an `ends`. */
export function endsSoonNotices(entitlements: readonly Entitlement[], now: Instant): readonly Notice[] {
  const isSoon = (date: WrittenInstant) => date.at > now && date.at - now <= ENDS_SOON_MS;
  const begun = entitlements.filter(({ from }) => from === null || from.at <= now);
  return [...grantEnds(begun, isSoon), ...personEnds(begun, isSoon)];
}

type IsSoon = (date: WrittenInstant) => boolean;

function grantEnds(begun: readonly Entitlement[], isSoon: IsSoon): readonly Notice[] {
  const sorted = new Map<readonly GrantMember[], readonly GrantMember[]>();
  return begun.flatMap((entitlement): readonly Notice[] => {
    const { grant, until, holders } = entitlement;
    if (until === null || !isSoon(until)) return [];
    const byName = sorted.get(holders) ?? [...holders].sort(byWrittenName);
    sorted.set(holders, byName);
    const who = byName
      .filter((member) => endedByFor(entitlement, member) === null)
      .map(({ name }) => writtenName(name));
    return who.length === 0 ? [] : [endNotice(namesText(who), until, grant)];
  });
}

/** Someone's `ends` ends nothing if all of their grants end before it. */
function personEnds(begun: readonly Entitlement[], isSoon: IsSoon): readonly Notice[] {
  const latest = new Map<readonly GrantMember[], Instant>();
  for (const { until, holders } of begun)
    latest.set(holders, Math.max(until?.at ?? Number.POSITIVE_INFINITY, latest.get(holders) ?? 0));
  const soon = new Set<End>();
  for (const [holders, last] of latest)
    for (const { end } of holders) if (end !== null && isSoon(end.end) && end.end.at < last) soon.add(end);
  return [...soon].map((end) => endNotice(writtenName(nameOfEnd(end)), end.end, end.at));
}

function endNotice(who: string, until: WrittenInstant, at: Place): Notice {
  const message = `${who}: ends ${until.text}`;
  return { code: 'ends-soon', message, remedy: 'extend the date if they still need it', at };
}

function byWrittenName(a: GrantMember, b: GrantMember): number {
  return compareText(writtenName(a.name), writtenName(b.name));
}

function namesText(names: readonly string[]): string {
  const more = names.length - NAMED_MOST;
  return `${names.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Notices about e-mails with several accesses of one kind, for example two users whose e-mails differ only by case. */
export function emailTwiceNotices(accesses: readonly AccountAccess[]): readonly Notice[] {
  const same = new Map<string, AccountAccess[]>();
  for (const access of accesses) {
    const { principal } = access;
    if (principal.kind === 'token') continue;
    const key = `${principal.kind} ${principalNameText(nameOf(principal))}`;
    const known = same.get(key);
    if (known) known.push(access);
    else same.set(key, [access]);
  }
  return [...same.values()].filter((twice) => twice.length > 1).map(emailTwice);
}

function emailTwice(twice: AccountAccess[]): Notice {
  const sorted = twice.sort((a, b) => a.access - b.access);
  const [{ principal }] = sorted as [AccountAccess];
  const spellings = spellingsOf([...new Set(sorted.map((one) => writtenName(nameOf(one.principal))))]);
  const [who] = spellings;
  const spelled = spellings.length > 1 ? ` (spelled ${spellings.join(' and ')})` : '';
  const ids = sorted.map(({ access }) => access).join(', ');
  return {
    code: 'email-twice',
    message: `the account contains ${principal.kind} ${who} ${sorted.length} times${spelled}: accesses ${ids}; each gets the same rows`,
    remedy: 'in Mailtrap, remove the one that is not used',
    at: null,
  };
}

/** Sorts notices by their place in the policy, those without a place last. It drops duplicates. */
export function sortNotices(notices: readonly Notice[]): readonly Notice[] {
  const place = ({ at }: Notice) => (at === null ? '' : placeText(at));
  const unique = new Map(notices.map((notice) => [`${place(notice)} ${notice.code} ${notice.message}`, notice]));
  return [...unique.values()].sort(
    (a, b) => byPlace(a.at, b.at) || compareText(a.code, b.code) || compareText(a.message, b.message),
  );
}

function byPlace(a: Place | null, b: Place | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return comparePlaces(a, b);
}
