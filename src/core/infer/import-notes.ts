import type { ImportNote } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';

/** What an import leaves out, and why, in the order of the file. Each kind is one comment. */
const KINDS = {
  'viewer-plus':
    'grantd cannot write the level viewer+. The grants say viewer there, which leaves these rows as they are:',
  'unknown-level':
    'Mailtrap does not document what these levels give. grantd leaves them alone, and no grant names them:',
  type: 'grantd can see resources of these types, but cannot write them. It leaves their rows alone:',
  unseen: 'The token does not see these resources. grantd leaves their rows alone:',
  twins:
    'A user and an invite of one e-mail have different rows, and a grant gives both the same. They are in no grant, and ' +
    'grantd leaves their rows alone:',
  'no-address': 'A policy cannot spell these addresses. They are in no grant, and grantd leaves their rows alone:',
  'read-only': 'The token may not change these. grantd never writes what the policy says of them:',
  'token-below-admin': 'The token is below admin on these resources. grantd never writes what grants say of them:',
  redundant: 'These rows give nothing beyond a row above them, so no grant names them. You can keep or remove them:',
  indeterminate: 'Level 1 only says that there is access to something below. It counts as no row:',
  owner: 'Owners, and invites with the e-mail of one. No grant names them, and grantd never changes their access:',
  invite: 'Invited, but not a member yet:',
  idle: 'Members without any row. Each may use a seat:',
  token:
    'These API tokens are in no grant, and grantd leaves their rows alone. To manage one, add its line to `tokens`, with ' +
    'its account access id in place of ID (no endpoint returns it), and grant it what it has:',
  'token-rows': 'What these tokens have beyond the rows in their lines:',
  'token-unlisted':
    'The list of API tokens does not show these rows of tokens, and the list of accesses does. They are in no grant, and ' +
    'grantd leaves them alone:',
  'own-token': 'The token that grantd ran with. grantd never changes it, so no grant names it:',
  'tokens-unread': 'The snapshot contains no API tokens, so the policy says nothing of them:',
} as const;

/** Which comment an item belongs to. */
export type NoteKind = keyof typeof KINDS;

/** One line of a comment, and the comment it belongs to. */
export interface NoteItem {
  readonly kind: NoteKind;
  readonly item: string;
}

/** The most items of one kind. More would bury the policy; `grantd plan` and `grantd snapshot` list them all. */
const ITEMS_MAX = 50;

/** All items as notes, one note for each kind. The order of the items does not matter. */
export function toNotes(found: readonly NoteItem[]): readonly ImportNote[] {
  return (Object.keys(KINDS) as NoteKind[]).flatMap((kind) => {
    const items = [...new Set(found.filter((one) => one.kind === kind).map(({ item }) => item))].sort(compareText);
    if (items.length === 0) return [];
    const more = items.length - ITEMS_MAX;
    return [{ says: KINDS[kind], items: more > 0 ? [...items.slice(0, ITEMS_MAX), `and ${more} more`] : items }];
  });
}
