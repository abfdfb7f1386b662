/** The kinds of resource that a policy can name and the bulk PUT can write (documented). */
export const WRITABLE_TYPES = ['account', 'billing', 'campaigns', 'project', 'inbox', 'domain'] as const;
export type WritableType = (typeof WRITABLE_TYPES)[number];

/**
 * The kind of a resource in grantd's words. Those that are no `WritableType` appear only in what was observed:
 * `organization` and `templates` are known and cannot be written (documented); a type nobody documents is kept as `other/…`.
 */
export type ResourceType = WritableType | 'organization' | 'templates' | `other/${string}`;

/** Ids are unique within one type only (documented), so a resource is always the pair. */
export interface ResourceId {
  readonly type: ResourceType;
  readonly id: number;
}

export function isWritableType(type: ResourceType): type is WritableType {
  return (WRITABLE_TYPES as readonly string[]).includes(type);
}

/** `type:#id`: the spelling that names one resource whatever it is called. */
export function resourceKey(resource: ResourceId): string {
  return `${resource.type}:#${resource.id}`;
}
