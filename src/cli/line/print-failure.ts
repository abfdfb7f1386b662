import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';
import { type ErrorCode, GrantdError } from '../../core/domain/text/error.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../../report/layout/fit.ts';
import type { Paint } from '../../report/layout/paint.ts';
import { renderProblems } from '../../report/problems/text.ts';
import type { Output } from '../process/io.ts';
import { InvalidPolicy, InvalidSettings, UsageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Errors in what the user handed in. All other errors come from the work itself. */
const INPUT_CODES: ReadonlySet<ErrorCode> = new Set(['policy-unreadable', 'snapshot-unreadable', 'plan-unreadable']);

/** Prints on stderr what went wrong and what to do, and returns the exit code. An error of an unknown class is a bug. */
export function printFailure(error: unknown, stderr: Output, paint: Paint): ExitCode {
  if (error instanceof InvalidSettings) {
    for (const problem of error.problems) stderr.write(settingsProblemText(problem, paint));
    return EXIT.invalid;
  }
  if (error instanceof InvalidPolicy) {
    stderr.write(renderProblems(error.problems, error.source, paint));
    return EXIT.invalid;
  }
  if (error instanceof UsageError) {
    stderr.write(failureText('usage', error, paint));
    return EXIT.invalid;
  }
  if (error instanceof GrantdError) {
    stderr.write(failureText(error.code, error, paint));
    return INPUT_CODES.has(error.code) ? EXIT.invalid : EXIT.failed;
  }
  stderr.write(bugText(error, paint));
  return EXIT.failed;
}

/** `error[code]: what`, and below it what to do. */
export function failureText(
  code: string,
  { message, remedy }: { readonly message: string; readonly remedy: string },
  paint: Paint,
): string {
  return fitText(`${paint.fail(`error[${code}]:`)} ${visibleText(message)}\n  help: ${visibleText(remedy)}\n`, paint);
}

function settingsProblemText({ where, message, remedy }: SettingsProblem, paint: Paint): string {
  return failureText('settings', { message: `${where}: ${message}`, remedy }, paint);
}

/** Where it happened, without the message: an unexpected message may contain a secret. */
function bugText(error: unknown, paint: Paint): string {
  const name = error instanceof Error ? error.name : typeof error;
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const lines = [
    `${paint.fail('error[bug]:')} internal error (${visibleText(name)}): grantd stopped here, and you did nothing wrong`,
    ...frames.slice(0, 6).map(visibleText),
    '  help: please report these lines with the command that you ran; they contain no secret',
    '',
  ];
  return fitText(lines.join('\n'), paint);
}
