import { principalText } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import { canonicalJson, type Json } from '../text/canonical-json.ts';
import type { Change, HeldPart } from './plan.ts';

/** A change without its reasons and the label of its resource. */
export interface AgreedChange extends Pick<Change, 'kind' | 'principal' | 'access' | 'before' | 'after'> {
  readonly resource: ResourceId;
}

/** The part of a held part that an agreement covers. */
export interface AgreedHeld extends Pick<HeldPart, 'digest' | 'rules'> {
  readonly changes: readonly AgreedChange[];
}

/** One text for each change and each held part. An agreement to one plan holds for another if these texts are equal. */
export function agreedParts(changes: readonly AgreedChange[], held: readonly AgreedHeld[]): readonly string[] {
  return [
    ...changes.map((change) => canonicalJson(changePart(change))),
    ...held.map(({ digest, rules, changes }) => canonicalJson({ digest, rules, changes: changes.map(changePart) })),
  ];
}

function changePart({ kind, principal, access, resource, before, after }: AgreedChange): Json {
  return [kind, principalText(principal), access, resource.type, resource.id, before, after];
}
