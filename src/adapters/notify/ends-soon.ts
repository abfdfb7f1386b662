import { writtenName } from '../../core/domain/account/principal.ts';
import type { AheadDate } from '../../core/domain/plan/ahead.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import { planLeft } from '../../core/domain/run/run-result.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import { endItems, ITEMS_MOST, notificationOf } from './notification-fields.ts';
import type { NotificationState, Notified } from './notification-state.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a user sets of notifications. */
export interface NotificationRules {
  /** How many days before the end of someone's access grantd reports it. 0: never. */
  readonly endsSoonDays: number;
}

export const DEFAULT_RULES: NotificationRules = { endsSoonDays: 14 };

/** Reports the ends that came near since the last run, each once. The plan has those of the next 30 days. */
export function endsSoon(
  state: NotificationState,
  event: RunEnded,
  now: Instant,
  { endsSoonDays }: NotificationRules,
): Notified {
  const plan = planLeft(event.result);
  if (plan === null || endsSoonDays === 0) return { state, notifications: [] };
  const near = plan.ahead.dates.filter(({ kind, at }) => kind === 'ends' && at.at - now <= endsSoonDays * DAY_MS);
  const keyed = near.map((date) => ({ ...date, who: date.who.filter((name) => !state.ends.has(keyOf(date, name))) }));
  const fresh = keyed.filter(({ who }) => who.length > 0);
  const ends = new Set(near.flatMap((date) => date.who.map((name) => keyOf(date, name))));
  const items = fresh.flatMap(endItems);
  if (items.length === 0) return { state: { ...state, ends }, notifications: [] };
  const people = counted(new Set(items.map(({ principal }) => principal)).size, 'principal');
  const summary = `access of ${people} ends within ${counted(endsSoonDays, 'day')}`;
  const notification = notificationOf(event, now, 'ends.soon', 'info', summary, {
    remedy: 'move `until` or `ends` if they still need it; nothing to do if not',
    count: items.length,
    ends: items.slice(0, ITEMS_MOST),
  });
  return { state: { ...state, ends }, notifications: [notification] };
}

function keyOf({ at, line }: AheadDate, name: AheadDate['who'][number]): string {
  return `${writtenName(name)} ${at.at} ${line.file}:${line.line}`;
}
