/** The types of resource that a policy can name and that the bulk PUT can write (documented). */
export const WRITABLE_TYPES = ['account', 'billing', 'campaigns', 'project', 'inbox', 'domain'] as const;
/** One of `WRITABLE_TYPES`. */
export type WritableType = (typeof WRITABLE_TYPES)[number];

/**
 * The type of a resource in grantd's words. A type outside `WritableType` appears only in observed data. Mailtrap
 * documents that `organization` and `templates` cannot be written; grantd keeps an undocumented type as `other/…`.
 */
export type ResourceType = WritableType | 'organization' | 'templates' | `other/${string}`;

/** An id is unique only within its type (documented), so a resource is always the pair of both. */
export interface ResourceId {
  readonly type: ResourceType;
  readonly id: number;
}

/** Whether the bulk PUT can write rows on this type of resource (documented). */
export function isWritableType(type: ResourceType): type is WritableType {
  return (WRITABLE_TYPES as readonly string[]).includes(type);
}

/** `type:#id`: the spelling that identifies one resource, whatever its name is. */
export function resourceKey(resource: ResourceId): string {
  return `${resource.type}:#${resource.id}`;
}
