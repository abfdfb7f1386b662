/**
 * Case and blanks as YAML reads them, and a little more: in a text that is broken anyway, whoever wrote this line meant it,
 * and a pause writes less.
 */
const PAUSED_LINE = /^\uFEFF?(["']?)paused\1[ \t]*:[ \t]*(?:true|True|TRUE)[ \t]*(?:[ \t]#.*)?$/m;

/** Whether a line of a text says `paused: true`, without indentation: even where the text is no YAML at all. */
export function saysPaused(text: string): boolean {
  return PAUSED_LINE.test(text);
}
