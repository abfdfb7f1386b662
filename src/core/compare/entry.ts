import type { ComparedResource, LevelTimeline } from '../domain/answer/comparison.ts';
import type { Entitlement, GrantMember } from '../domain/policy/entitlement.ts';
import type { EntitlementPart } from '../domain/policy/grant-cause.ts';
import type { NamePattern } from '../domain/policy/name-pattern.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText, foldAscii } from '../domain/text/text.ts';
import { courseOf, type LevelSpan } from './level-course.ts';

/** What one policy says to one principal of one resource in the same words, by however many grants. */
export interface Entry {
  readonly key: string;
  readonly ref: ResourceRef;
  readonly except: readonly ResourceRef[];
  readonly gifts: readonly EntitlementPart[];
  readonly course: LevelTimeline;
}

/** A grant, as it reaches one holder. */
export interface HeldGrant {
  readonly entitlement: Entitlement;
  readonly holder: GrantMember;
}

/** The entries of one principal by their keys. A grant that would end before it begins gives nothing. */
export function entriesOf(held: readonly HeldGrant[], now: Instant): ReadonlyMap<string, Entry> {
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
  const spans = gifts.map((gift): LevelSpan => ({ ...spanOf(gift), level: gift.entitled.level }));
  return { key, ref: entitled.resource, except: entitlement.except, gifts, course: courseOf(spans, now) };
}

/** From when until when a grant runs for its holder; infinite where no date is written. */
export function spanOf({ entitlement, holder }: HeldGrant): { readonly from: Instant; readonly until: Instant } {
  return {
    from: entitlement.from?.at ?? Number.NEGATIVE_INFINITY,
    until: holder.until?.at ?? Number.POSITIVE_INFINITY,
  };
}

/** Equal for two spellings of which every account makes the same. */
export function entryKey(ref: ResourceRef, except: readonly ResourceRef[]): string {
  return [refKey(ref), ...[...new Set(except.map(refKey))].sort(compareText)].join('\n');
}

/** One spelling for all that mean the same: an id is an id, case does not count in domains, and a star is a star. */
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

/** An entry's resource as it is told. */
export function wordsOf({ ref, except }: Pick<Entry, 'ref' | 'except'>): ComparedResource {
  return { label: ref.text, except: [...new Set(except.map(({ text }) => text))].sort(compareText), id: null };
}
