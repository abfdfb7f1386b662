import type { RowSeed } from './seed.ts';

/** An access, by its id, its e-mail (in any case) or the name of its token. */
export type Who = number | string;

interface ResourceName {
  readonly type: string;
  readonly id: number;
}

/**
 * A change that someone else makes, for example in the web UI. The API's rules do not apply, so it can write any level and
 * change any owner.
 */
export type AccountWrite = {
  /** The account id. Default: the first account of the simulator. */
  readonly account?: number;
} & (
  | ({ readonly act: 'set-row'; readonly who: Who } & RowSeed)
  | ({ readonly act: 'remove-row'; readonly who: Who } & ResourceName)
  /** The invite becomes a user with the same rows and another access id (assumed; `access` chooses it). */
  | { readonly act: 'accept-invite'; readonly who: Who; readonly name?: string; readonly access?: number }
  | {
      readonly act: 'add-member';
      readonly kind?: 'user' | 'invite';
      readonly email: string;
      readonly name?: string;
      readonly access?: number;
      readonly rows?: readonly RowSeed[];
    }
  | { readonly act: 'remove-member'; readonly who: Who }
  /** The same access and rows under another e-mail. */
  | { readonly act: 'rename-member'; readonly who: Who; readonly email: string }
  | ({ readonly act: 'rename-resource'; readonly name: string } & ResourceName)
  /** `under` is the parent; without it the resource lies directly below the account. */
  | ({ readonly act: 'add-resource'; readonly name: string; readonly under?: ResourceName } & ResourceName)
  /** With what lies below it, and every row on any of that. */
  | ({ readonly act: 'remove-resource' } & ResourceName)
);
