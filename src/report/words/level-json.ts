import { type AccessLevel, LEVEL } from '../../core/domain/account/access-level.ts';

/** A level in JSON: its word, null where there is no row, and its number where nobody documents what it means. */
export type LevelJson = 'viewer' | 'viewer+' | 'admin' | 'owner' | number | null;

const WORDS: ReadonlyMap<AccessLevel, LevelJson> = new Map<AccessLevel, LevelJson>([
  [LEVEL.none, null],
  [LEVEL.viewer, 'viewer'],
  [LEVEL.viewerPlus, 'viewer+'],
  [LEVEL.admin, 'admin'],
  [LEVEL.owner, 'owner'],
]);

const LEVELS: ReadonlyMap<unknown, AccessLevel> = new Map([...WORDS].map(([level, word]) => [word, level]));

export function levelToJson(level: AccessLevel): LevelJson {
  const word = WORDS.get(level);
  return word === undefined ? level : word;
}

/** The level that `levelToJson` would write so, or null for anything that it never writes. */
export function levelFromJson(value: unknown): AccessLevel | null {
  const level = LEVELS.get(value);
  if (level !== undefined) return level;
  return typeof value === 'number' && Number.isSafeInteger(value) && !WORDS.has(value) ? value : null;
}
