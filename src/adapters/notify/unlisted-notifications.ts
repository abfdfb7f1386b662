import type { Notice } from '../../core/domain/plan/notice.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { Unlisted } from '../../core/domain/plan/unlisted.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import { planLeft } from '../../core/domain/run/run-result.ts';
import { UNLISTED_KEPT } from '../../core/domain/status/account-status.ts';
import type { AccountUpdate } from '../../core/domain/status/status-update.ts';
import { counted } from '../../core/domain/text/text.ts';
import type { Notification } from './notification.ts';
import { ITEMS_MOST, notificationOf, unlistedItem } from './notification-fields.ts';

export type RunUpdate = AccountUpdate & { readonly event: RunEnded };

/**
 * Who has new access without a grant. A run is compared with the one before; the first since the start reports no one. Somebody
 * who has another e-mail now is no stranger. The deferred changes report what they would lose; if nothing, the notice says who it is.
 */
export function unlistedNotifications(change: RunUpdate): readonly Notification[] {
  const plan = planLeft(change.event.result);
  const { unlisted } = change.before.lastRun;
  if (plan === null || plan.unlisted.length === 0 || unlisted === null) return [];
  const known = new Set(unlisted);
  const fresh = plan.unlisted.slice(0, UNLISTED_KEPT).filter(({ access }) => !known.has(access));
  const notices = noticesByAccess(plan);
  const waiting = new Set(plan.deferred.map((one) => one.change.access));
  return [
    ...unknownPeople(
      change,
      fresh.filter(({ access }) => !notices.has(access)),
    ),
    ...renamed(
      change,
      fresh.filter(({ access }) => notices.has(access) && !waiting.has(access)),
      notices,
    ),
  ];
}

function noticesByAccess({ notices }: Plan): ReadonlyMap<number, Notice> {
  return new Map(notices.flatMap((notice) => (notice.access === undefined ? [] : [[notice.access, notice] as const])));
}

function unknownPeople({ event, at }: RunUpdate, fresh: readonly Unlisted[]): readonly Notification[] {
  if (fresh.length === 0) return [];
  const principals = counted(fresh.length, 'unlisted principal');
  const summary = `${principals} appeared: they have access, and no grant that has begun names them`;
  return [
    notificationOf(event, at, 'unlisted.appeared', 'warning', summary, {
      remedy: 'name them in a grant, ignore them, or remove their access in Mailtrap',
      count: fresh.length,
      unlisted: fresh.slice(0, ITEMS_MOST).map(unlistedItem),
    }),
  ];
}

function renamed(
  { event, at }: RunUpdate,
  fresh: readonly Unlisted[],
  notices: ReadonlyMap<number, Notice>,
): readonly Notification[] {
  return fresh.slice(0, ITEMS_MOST).flatMap((one) => {
    const notice = notices.get(one.access);
    if (notice === undefined) return [];
    const { message, remedy } = notice;
    const extras = { remedy, count: 1, unlisted: [unlistedItem(one)] };
    return [notificationOf(event, at, 'unlisted.appeared', 'warning', message, extras)];
  });
}
