/**
 * A level as the account shows it: any integer. A higher level gives more rights.
 * Mailtrap documents the known values. grantd keeps all others unchanged and never interprets them.
 */
export type AccessLevel = number;

/** The two levels that a policy can name and that the bulk PUT can write (documented). */
export type GrantLevel = 'viewer' | 'admin';

/** The levels that have a meaning for grantd. `none` is grantd's own value: no row. */
export const LEVEL = {
  none: 0,
  /** "The token has access to something below": counts as no row. */
  indeterminate: 1,
  viewer: 10,
  /** The API cannot write it, so grantd never lowers it to `viewer`. */
  viewerPlus: 50,
  admin: 100,
  owner: 1000,
} as const;

const KNOWN_LEVELS: ReadonlySet<number> = new Set(Object.values(LEVEL));

/** The account's number for a level of the policy. */
export function toAccessLevel(level: GrantLevel): AccessLevel {
  return level === 'admin' ? LEVEL.admin : LEVEL.viewer;
}

/** False for an undocumented level: grantd cannot know what it gives, so it never touches such a row. */
export function isKnownLevel(level: AccessLevel): boolean {
  return KNOWN_LEVELS.has(level);
}

/** The level that a row of this level gives. An indeterminate row gives nothing. */
export function givenBy(level: AccessLevel): AccessLevel {
  return level === LEVEL.indeterminate ? LEVEL.none : level;
}

/** The name of a level in every output: `none`, `viewer`, `viewer+`, `admin`, `owner`, or `level N`. */
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
