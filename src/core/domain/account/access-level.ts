/**
 * A level as the account shows it: any integer, the higher the more rights.
 * Known values are documented by Mailtrap; others are kept as they are and never interpreted.
 */
export type AccessLevel = number;

/** The two levels that a policy may say and that the bulk PUT can write (documented). */
export type GrantLevel = 'viewer' | 'admin';

/** The levels that have a meaning for grantd. `none` is ours: no row. */
export const LEVEL = {
  none: 0,
  /** "The token holds something below": counts as no row. */
  indeterminate: 1,
  viewer: 10,
  /** Cannot be written, so it is never lowered to `viewer`. */
  viewerPlus: 50,
  admin: 100,
  owner: 1000,
} as const;

const KNOWN_LEVELS: ReadonlySet<number> = new Set(Object.values(LEVEL));

export function toAccessLevel(level: GrantLevel): AccessLevel {
  return level === 'admin' ? LEVEL.admin : LEVEL.viewer;
}

/** False for a level that nobody documents: what it gives cannot be known, so its row is left alone. */
export function isKnownLevel(level: AccessLevel): boolean {
  return KNOWN_LEVELS.has(level);
}

/** What a row of this level gives: an indeterminate row gives nothing. */
export function givenBy(level: AccessLevel): AccessLevel {
  return level === LEVEL.indeterminate ? LEVEL.none : level;
}

/** The word for a level in every output: `none`, `viewer`, `viewer+`, `admin`, `owner`, or `level N`. */
export function levelName(level: AccessLevel): string {
  switch (level) {
    case LEVEL.none:
      return 'none';
    case LEVEL.viewer:
      return 'viewer';
    case LEVEL.viewerPlus:
      return 'viewer+';
    case LEVEL.admin:
      return 'admin';
    case LEVEL.owner:
      return 'owner';
    default:
      return `level ${level}`;
  }
}
