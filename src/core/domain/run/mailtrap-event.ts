import { type ResourceType, resourceKey } from '../account/resource.ts';
import { changeKey } from '../plan/change-key.ts';
import type { Change } from '../plan/plan.ts';
import type { Instant } from '../text/instant.ts';
import { compareText } from '../text/text.ts';

/** What an event names: by an id and in Mailtrap's words, which may be anything. */
export interface NamedByMailtrap {
  /** Mailtrap's word, such as `user` or `api_token`. Null if it gives none. */
  readonly type: string | null;
  readonly id: string | null;
  readonly name: string | null;
}

/** One event of Mailtrap's own audit log. Every text is visible and short. It is a hint: nothing is decided by it. */
export interface MailtrapEvent {
  /** Equal for one event that is delivered again: a hash of all that it said. */
  readonly key: string;
  readonly at: Instant;
  readonly event: string;
  readonly description: string | null;
  readonly actor: NamedByMailtrap;
  readonly resource: NamedByMailtrap | null;
  /** The resource in grantd's words. Null if it is none, or if its id is no whole number. */
  readonly about: { readonly type: ResourceType; readonly id: number } | null;
}

/** The events of one delivery, and how many of its entries were none. */
export interface DeliveredEvents {
  readonly events: readonly MailtrapEvent[];
  readonly unread: number;
}

/** How many events of one account are kept at most. */
export const MAILTRAP_EVENTS_MOST = 500;

/** How old a kept event may be, and how far ahead of this clock. */
export const MAILTRAP_EVENT_AGE_MOST_MS = 24 * 60 * 60 * 1000;

/** How many events a change has as hints at most. */
const HINTS_MOST = 3;

/** What is kept once more events came: the newest, each once, in one order whatever the deliveries were. */
export function keepEvents(
  kept: readonly MailtrapEvent[],
  came: readonly MailtrapEvent[],
  now: Instant,
): readonly MailtrapEvent[] {
  const each = new Map([...kept, ...came].map((event) => [event.key, event]));
  return [...each.values()]
    .filter(({ at }) => Math.abs(now - at) <= MAILTRAP_EVENT_AGE_MOST_MS)
    .sort((a, b) => b.at - a.at || compareText(a.key, b.key))
    .slice(0, MAILTRAP_EVENTS_MOST);
}

/** The events that may say who caused each change by drift, by `changeKey`, the newest first. A change without any is not in it. */
export type ChangeHints = ReadonlyMap<string, readonly MailtrapEvent[]>;

/** The hints at one change in sentences; empty if there is none. */
export function hintTexts(hints: ChangeHints | undefined, change: Change): readonly string[] {
  return (hints?.get(changeKey(change)) ?? []).map(mailtrapEventText);
}

/** What hints follow from. `userIdOf`: the id of the user of an account access; null if it has none. */
export interface HintSource {
  readonly events: readonly MailtrapEvent[];
  /** The end of the last complete run; null if there was none. */
  readonly since: Instant | null;
  readonly userIdOf: (access: number) => number | null;
}

/** Finds the events since the last complete run that name the principal or the resource of a drift by id. */
export function hintsFor(changes: readonly Change[], { events, since, userIdOf }: HintSource): ChangeHints {
  // Mailtrap gives whole seconds.
  const from = since === null ? Number.NEGATIVE_INFINITY : Math.floor(since / 1000) * 1000;
  const recent = events.filter(({ at }) => at >= from);
  const hints = new Map<string, readonly MailtrapEvent[]>();
  if (recent.length === 0) return hints;
  const byName = eventsByName(recent);
  for (const change of changes) {
    if (change.cause !== 'drift') continue;
    const found = namesOf(change, userIdOf).flatMap((name) => byName.get(name) ?? []);
    const each = [...new Set(found)].sort((a, b) => recent.indexOf(a) - recent.indexOf(b));
    if (each.length > 0) hints.set(changeKey(change), each.slice(0, HINTS_MOST));
  }
  return hints;
}

/** The first few events of each name, in the same order. */
function eventsByName(events: readonly MailtrapEvent[]): ReadonlyMap<string, readonly MailtrapEvent[]> {
  const byName = new Map<string, MailtrapEvent[]>();
  for (const event of events) {
    const { about, resource } = event;
    const names = [
      ...(about === null ? [] : [resourceKey(about)]),
      ...(resource === null || resource.id === null ? [] : [`${resource.type} ${resource.id}`]),
    ];
    for (const name of names) {
      const list = byName.get(name) ?? [];
      if (list.length < HINTS_MOST) byName.set(name, [...list, event]);
    }
  }
  return byName;
}

function namesOf({ principal, access, resource }: Change, userIdOf: HintSource['userIdOf']): readonly string[] {
  if (principal.kind === 'token') return [`api_token ${principal.tokenId}`, resourceKey(resource)];
  const userId = userIdOf(access);
  return [...(userId === null ? [] : [`user ${userId}`]), resourceKey(resource)];
}

/** One event in a sentence, in Mailtrap's words: `Ann (user 7): updated permissions (activity_log.user.updated)`. */
export function mailtrapEventText({ actor, description, event }: MailtrapEvent): string {
  const id = [actor.type, actor.id].filter((part) => part !== null).join(' ');
  const who = actor.name === null ? id || 'nobody named' : id === '' ? actor.name : `${actor.name} (${id})`;
  return description === null ? `${who}: ${event}` : `${who}: ${description} (${event})`;
}
