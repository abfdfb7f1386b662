import type { ResourceType } from '../../src/core/domain/account/resource.ts';

const TYPES: readonly (readonly [ResourceType, string])[] = [
  ['domain', 'sending_domain'],
  ['campaigns', 'email_campaign_permission_scope'],
  ['templates', 'email_template_permission_scope'],
  ['other/thing', 'thing'],
];

/** A type of resource as the API spells it. Written apart from the client, so that a test can judge the client by it. */
export function toWire(type: ResourceType): string {
  return TYPES.find(([own]) => own === type)?.[1] ?? type;
}

/** A type of the API in the domain's words. */
export function fromWire(type: string): ResourceType {
  return TYPES.find(([, wire]) => wire === type)?.[0] ?? (type as ResourceType);
}
