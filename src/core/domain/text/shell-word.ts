import { visibleText } from './text.ts';

/** A word as a shell takes it for itself: quoted where it must be, and without anything that a terminal would act on. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visibleText(word).replaceAll("'", "'\\''")}'`;
}
