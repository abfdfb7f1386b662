import type { ImportNote } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';

/** What an import leaves out or makes of something, in the order of the file. Each kind is one sentence. */
const KINDS = {
  'viewer-plus':
    'The level viewer+ cannot be written. The grants say viewer there, which leaves these rows as they are:',
  'unknown-level': 'Nobody documents what these levels give. They are left alone, and no grant speaks of them:',
  type: 'Resources of these types can be seen and not written. Their rows are left alone:',
  unseen: 'The token does not see these resources. Their rows are left alone:',
  twins:
    'A user and an invite of one e-mail hold different rows, and a grant gives both the same. They are in no grant, and ' +
    'nothing of theirs is changed:',
  'no-address': 'A policy cannot spell these addresses. They are in no grant, and nothing of theirs is changed:',
  'read-only': 'The token may not change these. What the policy says of them is never written:',
  'token-below-admin': 'The token is below admin on these resources. What grants say of them is never written:',
  redundant: 'These rows give nothing beyond a row above them, so no grant speaks of them. They may stay or go:',
  indeterminate: 'Level 1 says that something below is held. It counts as no row:',
  invite: 'Invited, and not there yet:',
  idle: 'Members without any row. Each may use a seat:',
  token:
    'API tokens are in no grant, and nothing of theirs is changed. To manage one, add its line to `tokens` with its account ' +
    'access id in place of ID (no endpoint tells it), and grant it what it holds:',
  'tokens-unread': 'The snapshot holds no API tokens, so nothing is said of them:',
} as const;

export type FoundKind = keyof typeof KINDS;

/** One thing to be told, and which kind of thing it is. */
export interface Found {
  readonly kind: FoundKind;
  readonly item: string;
}

/** How many of one kind are told. Further ones would bury the policy; `grantd plan` and `grantd snapshot` have them. */
const ITEMS_MAX = 50;

/** Everything found as notes, one for each kind, whatever the order in which it was found. */
export function toNotes(found: readonly Found[]): readonly ImportNote[] {
  return (Object.keys(KINDS) as FoundKind[]).flatMap((kind) => {
    const items = [...new Set(found.filter((one) => one.kind === kind).map(({ item }) => item))].sort(compareText);
    if (items.length === 0) return [];
    const more = items.length - ITEMS_MAX;
    return [{ says: KINDS[kind], items: more > 0 ? [...items.slice(0, ITEMS_MAX), `and ${more} more`] : items }];
  });
}
