/** How a command ends, for the shell that started it. The meanings are in `EXIT_MEANINGS`. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The exit codes by name. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** `--detailed-exitcode` of `plan` and `compare` only. */
  pending: 2,
  /** Of `apply`, and of `plan --detailed-exitcode`. */
  waiting: 3,
  invalid: 4,
} as const satisfies Record<string, ExitCode>;

/** What each code means, as help texts and docs/cli.md say it. */
export const EXIT_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed',
  2: 'changes pending, or policies that differ (only with --detailed-exitcode)',
  3: 'held, deferred or paused: not everything was, or would be, written',
  4: 'invalid policy, settings or usage',
};

/** If several apply, the first of these wins. */
const BY_WEIGHT: readonly ExitCode[] = [EXIT.invalid, EXIT.failed, EXIT.waiting, EXIT.pending, EXIT.done];

/** The exit code that wins if several apply. */
export function worstOf(...codes: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT.find((code) => codes.includes(code)) ?? EXIT.done;
}
