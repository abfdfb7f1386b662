import type { ResourceType, WritableType } from '../../../core/domain/account/resource.ts';

/** `account`: the account's id in every path, the contract. `token`: paths without it, the newer generation (documented). */
export type ApiPaths = 'account' | 'token';

/** Every spelling that one of the generations is documented to read out. */
const READ_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['account', 'account'],
  ['billing', 'billing'],
  ['project', 'project'],
  ['inbox', 'inbox'],
  ['sandbox', 'inbox'],
  ['sending_domain', 'domain'],
  ['domain', 'domain'],
  ['mailsend_domain', 'domain'],
  ['email_campaign_permission_scope', 'campaigns'],
  ['email_template_permission_scope', 'templates'],
  ['organization', 'organization'],
]);

/** The names that each generation accepts in a bulk PUT. The name for campaigns in generation B is assumed (row 14). */
const WRITE_TYPES = {
  account: {
    account: 'account',
    billing: 'billing',
    campaigns: 'email_campaign_permission_scope',
    project: 'project',
    inbox: 'inbox',
    domain: 'sending_domain',
  },
  token: {
    account: 'account',
    billing: 'billing',
    campaigns: 'email_campaign_permission_scope',
    project: 'project',
    inbox: 'sandbox',
    domain: 'domain',
  },
} as const satisfies Record<ApiPaths, Record<WritableType, string>>;

/** The words for types in one answer, as the API wrote them. */
export type WireWords = Set<string>;

/** The domain's word for a type that was read, which is added to `words`. An undocumented type becomes `other/…`; grantd never guesses. */
export function decodeResourceType(wire: string, words: WireWords): ResourceType {
  words.add(wire);
  return READ_TYPES.get(wire) ?? `other/${wire}`;
}

/**
 * The name of the type in a bulk PUT of that generation. If the API itself used only the name of the other generation on
 * these paths (`read` has its words), that one is written back (row 28).
 */
export function encodeResourceType(type: WritableType, paths: ApiPaths, read: ReadonlySet<string>): string {
  const documented = WRITE_TYPES[paths][type];
  const other = WRITE_TYPES[paths === 'account' ? 'token' : 'account'][type];
  return read.has(other) && !read.has(documented) ? other : documented;
}
