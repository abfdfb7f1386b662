import { expect, test } from 'vitest';
import { type CheckResult, doctorToJson } from '../../../src/report/doctor/json.ts';
import { renderDoctorText } from '../../../src/report/doctor/text.ts';
import { type Paint, PLAIN } from '../../../src/report/layout/paint.ts';

const RESULTS: readonly CheckResult[] = [
  { check: 'node', policy: null, status: 'ok', found: 'Node 24', remedy: null },
  { check: 'proxy', policy: null, status: 'unknown', found: 'no network', remedy: null },
  { check: 'policy', policy: 'a.yaml', status: 'fail', found: 'invalid', remedy: 'run grantd validate' },
  { check: 'expiry', policy: 'b.yaml', status: 'warn', found: 'ends in 3 days', remedy: 'make a new token' },
];

const MARKED: Paint = {
  ...PLAIN,
  fail: (text) => `F(${text})`,
  warn: (text) => `W(${text})`,
  gain: (text) => `G(${text})`,
};

test('groups the checks by policy, and counts them', () => {
  expect(renderDoctorText(RESULTS, MARKED)).toMatchInlineSnapshot(`
    "this machine
      G(ok     )  node    Node 24
      unknown  proxy   no network

    a.yaml
      F(fail   )  policy  invalid
                       help: run grantd validate

    b.yaml
      W(warn   )  expiry  ends in 3 days
                       help: make a new token

    F(1 ok, 1 warning, 1 failed, 1 unknown)
    "
  `);
});

test('the counts are no failure if nothing failed', () => {
  expect(renderDoctorText(RESULTS.slice(0, 2), MARKED)).toContain('\n1 ok, 0 warnings, 0 failed, 1 unknown\n');
});

test('JSON is healthy unless a check failed', () => {
  expect(doctorToJson(RESULTS)).toMatchObject({ version: 1, healthy: false, checks: RESULTS });
  expect(doctorToJson(RESULTS.slice(0, 2))).toMatchObject({ healthy: true });
});
