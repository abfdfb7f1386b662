import type { ComparedResource, LevelTimeline } from '../domain/answer/comparison.ts';
import { type Entitlement, type GrantMember, untilFor } from '../domain/policy/entitlement.ts';
import type { EntitlementPart } from '../domain/policy/grant-cause.ts';
import type { NamePattern } from '../domain/policy/name-pattern.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText, foldAscii } from '../domain/text/text.ts';
import { type LevelSpan, timelineOf } from './level-timeline.ts';

/** What one policy gives one principal on one resource, written in the same words, by one or more grants. */
export interface Entry {
  readonly key: string;
  readonly ref: ResourceRef;
  readonly except: readonly ResourceRef[];
  readonly gifts: readonly EntitlementPart[];
  readonly timeline: LevelTimeline;
}

/** A grant, as it reaches one of its members. */
export interface MemberGrant {
  readonly entitlement: Entitlement;
  readonly holder: GrantMember;
}

/** The entries of one principal, by key. A grant that would end before it begins gives nothing. */
export function entriesOf(held: readonly MemberGrant[], now: Instant): ReadonlyMap<string, Entry> {
  const gifts = new Map<string, [EntitlementPart, ...EntitlementPart[]]>();
  for (const { entitlement, holder } of held) {
    for (const entitled of entitlement.resources) {
      const gift = { entitlement, holder, entitled };
      const key = entryKey(entitled.resource, entitlement.except);
      const known = gifts.get(key);
      if (known) known.push(gift);
      else gifts.set(key, [gift]);
    }
  }
  return new Map([...gifts].map(([key, all]) => [key, toEntry(key, all, now)]));
}

function toEntry(key: string, gifts: readonly [EntitlementPart, ...EntitlementPart[]], now: Instant): Entry {
  const [{ entitlement, entitled }] = gifts;
  const spans = gifts.map((gift): LevelSpan => {
    const { from, until } = spanOf(gift);
    return { from, until, level: gift.entitled.level };
  });
  return { key, ref: entitled.resource, except: entitlement.except, gifts, timeline: timelineOf(spans, now) };
}

/** The period in which a grant runs for its member; infinite where no date is written. */
export function spanOf({ entitlement, holder }: MemberGrant): { readonly from: Instant; readonly until: Instant } {
  return {
    from: entitlement.from?.at ?? Number.NEGATIVE_INFINITY,
    until: untilFor(entitlement, holder)?.at ?? Number.POSITIVE_INFINITY,
  };
}

/** The same key for two spellings that mean the same in every account. */
export function entryKey(ref: ResourceRef, except: readonly ResourceRef[]): string {
  return [refKey(ref), ...[...new Set(except.map(refKey))].sort(compareText)].join('\n');
}

/** One spelling for all refs with the same meaning: by id, without case in domains, with one star for several. */
export function refKey({ selector }: ResourceRef): string {
  if ('id' in selector) return `${selector.type}:#${selector.id}`;
  if ('project' in selector) return `inbox:${patternKey(selector.project)}/${patternKey(selector.name)}`;
  if (!('name' in selector)) return selector.type;
  const name = patternKey(selector.name);
  return `${selector.type}:${selector.type === 'domain' ? foldAscii(name) : name}`;
}

function patternKey({ text }: NamePattern): string {
  return text.replace(/\*+/g, '*');
}

/** The resource of an entry in the words of the policy, with its exceptions. */
export function wordsOf({ ref, except }: Pick<Entry, 'ref' | 'except'>): ComparedResource {
  return { label: ref.text, except: [...new Set(except.map(({ text }) => text))].sort(compareText), id: null };
}
