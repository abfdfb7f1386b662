import { type Problem, placeText } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import type { CheckEnd, ValidationOutcome } from './check-end.ts';

/** The part below the problems: the tests and `never` rules that did not pass, then the verdict in one line. */
export function renderValidationText({ file, problems, checks }: ValidationOutcome, paint: Paint): string {
  const verdict = verdictOf(problems, checks);
  const line = `${visibleText(file)}: ${[verdict, ...countsOf(checks)].join(', ')}`;
  return fitText(`${endTexts(checks, paint)}${verdict === 'valid' ? paint.strong(line) : paint.fail(line)}\n`, paint);
}

/** What failed or could not be decided, each with its reason. */
function endTexts(checks: readonly CheckEnd[], paint: Paint): string {
  return checks
    .filter(({ verdict }) => verdict !== 'passed')
    .map((end) => endText(end, paint))
    .join('');
}

function verdictOf(problems: readonly Problem[], checks: readonly CheckEnd[]): string {
  if (problems.some(({ severity }) => severity === 'error')) return 'invalid';
  const failed = checks.filter(({ verdict }) => verdict === 'failed').map(({ kind }) => kind);
  if (failed.includes('never')) return 'an invariant is broken';
  return failed.length > 0 ? 'a test fails' : 'valid';
}

function countsOf(checks: readonly CheckEnd[]): readonly string[] {
  const count = (counted: CheckEnd['verdict'], of: readonly CheckEnd[]) =>
    of.filter(({ verdict }) => verdict === counted).length;
  const tests = checks.filter(({ kind }) => kind === 'test');
  const rules = checks.filter(({ kind }) => kind === 'never');
  const undecided = count('undecided', checks);
  return [
    ...(tests.length > 0 ? [`${count('passed', tests)} of ${tests.length} tests passed`] : []),
    ...(rules.length > 0 ? [`${count('passed', rules)} of ${rules.length} invariants kept`] : []),
    ...(undecided > 0 ? [`${undecided} skipped`] : []),
  ];
}

function endText({ words, at, verdict, reason }: CheckEnd, paint: Paint): string {
  const mark = verdict === 'failed' ? paint.fail('failed:') : paint.warn('skipped:');
  return `${mark} ${visibleText(`${placeText(at)}: ${words}`)}\n  ${visibleText(reason)}\n`;
}
