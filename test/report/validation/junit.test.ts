import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { PolicyTest } from '../../../src/core/domain/policy/policy.ts';
import { errorAt, type Place, warningAt } from '../../../src/core/domain/text/problem.ts';
import { type CheckEnd, endOfRule, endOfTest } from '../../../src/report/validation/check-end.ts';
import { renderJunit, xmlText } from '../../../src/report/validation/junit.ts';
import { skippedFor } from '../../support/skipped-for.ts';

const NASTY = `a<b>&"c"'d' \u0000\u0008\u001b[31m\ud800\uffff\ufffe ]]> é 😀`;

function placeAt(line: number, file = 'policy.yaml'): Place {
  return { file, line, column: 5, length: 1 };
}

function result(verdict: CheckEnd['verdict'], reason: string | null, text = 'project:X'): CheckEnd {
  const at = placeAt(40);
  const test: PolicyTest = {
    who: { email: 'ann@example.com' },
    resource: { text, selector: { type: 'account' }, at },
    expect: 'none',
    moment: { at: 0, text: '2027-01-15' },
    team: null,
    at,
  };
  return endOfTest({ test, verdict, reason });
}

/** True where an XML parser that knows nothing of JUnit takes it. */
function isWellFormed(xml: string): boolean {
  try {
    execFileSync('python3', ['-c', 'import sys, xml.dom.minidom as d; d.parseString(sys.stdin.buffer.read())'], {
      input: xml,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    return true;
  } catch {
    return false;
  }
}

const hasPython = isWellFormed('<a/>');

test('has one case for a valid text, and one for each test', () => {
  const tests = [result('passed', null), result('failed', 'expected none'), result('undecided', 'needs a snapshot')];
  const problems = [warningAt(placeAt(2), 'unused-group', 'unused', 'delete it')];
  expect(renderJunit({ file: 'policy.yaml', problems, checks: tests })).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="grantd validate" tests="4" failures="1" errors="0" skipped="1">
      <testsuite name="policy.yaml" tests="4" failures="1" errors="0" skipped="1">
        <testcase classname="policy.yaml" name="the policy is valid"/>
        <testcase classname="policy.yaml" name="ann@example.com should have nothing on project:X at 2027-01-15" file="policy.yaml" line="40"/>
        <testcase classname="policy.yaml" name="ann@example.com should have nothing on project:X at 2027-01-15" file="policy.yaml" line="40"><failure message="expected none" type="policy-test">policy.yaml:40:5: ann@example.com should have nothing on project:X at 2027-01-15: expected none</failure></testcase>
        <testcase classname="policy.yaml" name="ann@example.com should have nothing on project:X at 2027-01-15" file="policy.yaml" line="40"><skipped message="needs a snapshot"/></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test('has one case for each error', () => {
  const problems = [1, 2].map((line) => errorAt(placeAt(line), 'unknown-key', 'what', 'do'));
  const xml = renderJunit({ file: 'policy.yaml', problems, checks: [] });
  expect(xml).toContain('tests="2" failures="2"');
  expect(xml).not.toContain('the policy is valid');
  expect(xml).toContain('name="unknown-key at line 2"');
});

test('has one case for each invariant', () => {
  const at = placeAt(30);
  const resource = { text: 'account', selector: { type: 'account' }, at } as const;
  const rule = {
    who: { kind: 'group', group: 'qa' },
    whoText: 'group:qa',
    resource,
    level: 'admin',
    at,
  } as const;
  const checks = [endOfRule({ rule, verdict: 'failed', reason: 'policy.yaml:51:5 gives it' })];
  expect(renderJunit({ file: 'policy.yaml', problems: [], checks })).toContain(
    '<testcase classname="policy.yaml" name="group:qa is never admin on account" file="policy.yaml" line="30">' +
      '<failure message="policy.yaml:51:5 gives it" type="never">policy.yaml:30:5: group:qa is never admin on account: ' +
      'policy.yaml:51:5 gives it</failure></testcase>',
  );
});

test('keeps no character that XML does not allow, and none that ends an attribute or an element', () => {
  expect(xmlText(NASTY)).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff<>"']/u);
  expect(xmlText('é 😀')).toBe('é 😀');
});

test('is well-formed whatever the names are', skippedFor(hasPython ? null : 'there is no python3'), () => {
  const problems = [errorAt(placeAt(1, NASTY), 'unknown-key', NASTY, NASTY)];
  const tests = [result('failed', NASTY, NASTY), result('undecided', NASTY, NASTY), result('passed', null, NASTY)];
  expect(isWellFormed(renderJunit({ file: NASTY, problems, checks: tests }))).toBe(true);
});
