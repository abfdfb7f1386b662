import { type Place, type Problem, placeText } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import type { CheckEnd, ValidationOutcome } from './check-end.ts';

interface TestCase {
  readonly name: string;
  readonly at: Place | null;
  readonly inner: string;
  readonly kind: 'passed' | 'failed' | 'undecided';
}

/** JUnit XML: one case for the text, or one for each error in it, then one for each test and `never` rule. */
export function renderJunit({ file, problems, checks }: ValidationOutcome): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const cases: readonly TestCase[] = [
    ...(errors.length === 0 ? [validCase()] : errors.map(errorCase)),
    ...checks.map(checkCase),
  ];
  const failures = cases.filter(({ kind }) => kind === 'failed').length;
  const skipped = cases.filter(({ kind }) => kind === 'undecided').length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="grantd validate" ${counts}>`,
    `  <testsuite name="${xmlText(file)}" ${counts}>`,
    ...cases.map((one) => caseText(one, file)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function validCase(): TestCase {
  return { name: 'the policy is valid', at: null, inner: '', kind: 'passed' };
}

function errorCase({ code, message, remedy, at }: Problem): TestCase {
  const inner = failure(message, `${placeText(at)}: ${message}; ${remedy}`, code);
  return { name: `${code} at line ${at.line}`, at, inner, kind: 'failed' };
}

function checkCase({ kind, words, at, verdict, reason }: CheckEnd): TestCase {
  const inner =
    verdict === 'failed'
      ? failure(reason, `${placeText(at)}: ${words}: ${reason}`, kind === 'test' ? 'policy-test' : 'never')
      : verdict === 'undecided'
        ? `<skipped message="${xmlText(reason)}"/>`
        : '';
  return { name: words, at, inner, kind: verdict };
}

function failure(message: string, text: string, type: string): string {
  return `<failure message="${xmlText(message)}" type="${xmlText(type)}">${xmlText(text)}</failure>`;
}

function caseText({ name, at, inner }: TestCase, file: string): string {
  const place = at === null ? '' : ` file="${xmlText(at.file)}" line="${at.line}"`;
  const head = `    <testcase classname="${xmlText(file)}" name="${xmlText(name)}"${place}`;
  return inner === '' ? `${head}/>` : `${head}>${inner}</testcase>`;
}

/** Text escaped for XML content and attributes. Characters that XML 1.0 forbids are among those that become `\u{…}`. */
export function xmlText(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
