import type { GrantLevel } from '../account/access-level.ts';
import type { Place } from '../text/problem.ts';
import type { ResourceRef } from './resource-ref.ts';

/** A team file, and what the root file lets it decide. */
export interface Team {
  /** The name that `as` gives it. */
  readonly name: string;
  readonly file: string;
  /** What its grants may name, with everything below. */
  readonly may: readonly ResourceRef[];
  /** The API tokens that it may name. */
  readonly tokens: readonly string[];
  /** The highest level that it may give. */
  readonly upTo: GrantLevel;
  /** Its entry under `include`. */
  readonly at: Place;
}

/** Names of groups and roles never contain it. */
const SEPARATOR = '/';

/** The name of a group or role that only the file of a team can use. */
export function scopedName(team: string, name: string): string {
  return `${team}${SEPARATOR}${name}`;
}

/** The name as its file spells it. */
export function plainName(name: string): string {
  return name.slice(name.indexOf(SEPARATOR) + 1);
}

/** The team that a scoped name belongs to. Null: every file can use the name. */
export function teamOfName(name: string): string | null {
  const end = name.indexOf(SEPARATOR);
  return end < 0 ? null : name.slice(0, end);
}
