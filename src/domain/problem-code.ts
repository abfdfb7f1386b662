/**
 * Every code a problem may carry, with one line on what it means. The list is closed: docs/errors.md has a row for each,
 * and a test compares both ways.
 */
export const PROBLEM_CODES = {
  'file-too-large': 'the text is over 1 MiB',
  'yaml-syntax': 'the text is not YAML 1.2',
} as const;

export type ProblemCode = keyof typeof PROBLEM_CODES;
