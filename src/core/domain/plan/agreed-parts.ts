import { principalText } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import { canonicalJson, type Json } from '../text/canonical-json.ts';
import type { Change, HeldPart } from './plan.ts';

/** A change as far as somebody agrees to it: without its reasons, and without the words for its resource. */
export interface AgreedChange extends Pick<Change, 'kind' | 'principal' | 'access' | 'before' | 'after'> {
  readonly resource: ResourceId;
}

/** A held part as far as somebody agrees to it. */
export interface AgreedHeld extends Pick<HeldPart, 'digest' | 'rules'> {
  readonly changes: readonly AgreedChange[];
}

/** One text for each change and each held part. Two plans are one plan to whoever agreed where these texts are equal. */
export function agreedParts(changes: readonly AgreedChange[], held: readonly AgreedHeld[]): readonly string[] {
  return [
    ...changes.map((change) => canonicalJson(changePart(change))),
    ...held.map(({ digest, rules, changes }) => canonicalJson({ digest, rules, changes: changes.map(changePart) })),
  ];
}

function changePart({ kind, principal, access, resource, before, after }: AgreedChange): Json {
  return [kind, principalText(principal), access, resource.type, resource.id, before, after];
}
