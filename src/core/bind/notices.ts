import type { AccountAccess } from '../domain/account/actual-state.ts';
import { spellingsOf } from '../domain/account/email.ts';
import { nameOf, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import type { EndingEntitlement } from './names-at.ts';

/** How long before its end a grant gets an `ends-soon` notice, in ms. */
export const ENDS_SOON_MS = 7 * 24 * 60 * 60 * 1000;

/** One notice for each grant and each end within `ENDS_SOON_MS`, with the names of its members. */
export function endsSoonNotices(ending: readonly EndingEntitlement[], now: Instant): readonly Notice[] {
  const groups = new Map<
    string,
    { readonly notice: Omit<Notice, 'message'>; readonly until: string; readonly who: Set<string> }
  >();
  for (const { bound, holder, until } of ending) {
    if (until.at - now > ENDS_SOON_MS) continue;
    const at = holder.endedBy ?? bound.entitlement.grant;
    const key = `${at.line}:${at.column} ${until.text}`;
    const group = groups.get(key) ?? {
      notice: { code: 'ends-soon', remedy: 'extend the date if they still need it', at },
      until: until.text,
      who: new Set(),
    };
    group.who.add(writtenName(holder.name));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ notice, until, who }) => ({
    ...notice,
    message: `${[...who].sort(compareText).join(', ')}: ends ${until}`,
  }));
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
  const line = (notice: Notice) => notice.at?.line ?? Number.MAX_SAFE_INTEGER;
  const column = (notice: Notice) => notice.at?.column ?? 0;
  const unique = new Map(
    notices.map((notice) => [`${line(notice)}:${column(notice)} ${notice.code} ${notice.message}`, notice]),
  );
  return [...unique.values()].sort(
    (a, b) =>
      line(a) - line(b) || column(a) - column(b) || compareText(a.code, b.code) || compareText(a.message, b.message),
  );
}
