import { type Problem, placeText } from '../domain/problem.ts';
import { visibleText } from '../domain/text.ts';
import type { Paint } from '../report/paint.ts';
import type { ValidationOutcome } from './junit-text.ts';
import { type TestEnd, testWords } from './test-end.ts';

/** What validation comes to, below the problems: the tests that did not pass, and one line. */
export function validationText({ file, problems, tests }: ValidationOutcome, paint: Paint): string {
  const line = `${visibleText(file)}: ${[verdictOf(problems, tests), ...testCounts(tests)].join(', ')}`;
  const isGood = verdictOf(problems, tests) === 'valid';
  return `${testText(tests, paint)}${isGood ? paint.strong(line) : paint.fail(line)}\n`;
}

/** The tests that failed or could not be decided, with the reason of each. */
function testText(tests: readonly TestEnd[], paint: Paint): string {
  return tests
    .filter(({ verdict }) => verdict !== 'passed')
    .map((end) => endText(end, paint))
    .join('');
}

function verdictOf(problems: readonly Problem[], tests: readonly TestEnd[]): string {
  if (problems.some(({ severity }) => severity === 'error')) return 'invalid';
  return tests.some(({ verdict }) => verdict === 'failed') ? 'a test fails' : 'valid';
}

function testCounts(tests: readonly TestEnd[]): readonly string[] {
  const count = (wanted: TestEnd['verdict']) => tests.filter(({ verdict }) => verdict === wanted).length;
  const [failed, undecided] = [count('failed'), count('undecided')];
  if (tests.length === 0) return [];
  return [
    `${count('passed')} of ${tests.length} tests passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(undecided > 0 ? [`${undecided} skipped`] : []),
  ];
}

function endText({ test, verdict, reason }: TestEnd, paint: Paint): string {
  const mark = verdict === 'failed' ? paint.fail('failed:') : paint.warn('skipped:');
  return `${mark} ${visibleText(`${placeText(test.at)}: ${testWords(test)}`)}\n  ${visibleText(reason ?? '')}\n`;
}
