import { writtenName } from '../../core/domain/account/principal.ts';
import type { Notice } from '../../core/domain/plan/notice.ts';
import type { NeverRule, PolicyTest } from '../../core/domain/policy/policy.ts';
import type { Problem } from '../../core/domain/text/problem.ts';
import { type NoticeJson, noticeToJson } from '../words/json.ts';

/** How one test of a policy ended, and why it did not pass; null if it passed. */
export interface EndedTest {
  readonly test: PolicyTest;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly reason: string | null;
}

/** How one `never` rule of a policy ended on an account, and why it did not pass; null if it passed. */
export interface EndedRule {
  readonly rule: NeverRule;
  readonly verdict: EndedTest['verdict'];
  readonly reason: string | null;
}

/** What `grantd validate` found, as JSON (schemas/problems.v1.schema.json). */
export interface ProblemsJson {
  readonly version: 1;
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly ProblemJson[];
  readonly tests: readonly TestJson[];
  readonly never: readonly RuleJson[];
  readonly notices: readonly NoticeJson[];
}

/** One `never` rule. */
export interface RuleJson {
  readonly verdict: EndedTest['verdict'];
  readonly who: string;
  readonly resource: string;
  readonly level: NeverRule['level'];
  readonly reason: string | null;
  readonly file: string;
  readonly line: number;
}

/** One test of a policy. `at` is the date that it checks, as written, or null for now. */
export interface TestJson {
  readonly verdict: EndedTest['verdict'];
  readonly who: string;
  readonly resource: string;
  readonly expect: PolicyTest['expect'];
  readonly at: string | null;
  readonly reason: string | null;
  readonly file: string;
  readonly line: number;
}

/** One problem with its place: `line` and `column` from 1, `length` in UTF-16 code units. */
export interface ProblemJson {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** `valid` is true if no problem is an error. Tests, rules and notices are empty if the policy is invalid. */
export function problemsToJson(
  file: string,
  problems: readonly Problem[],
  tests: readonly EndedTest[] = [],
  never: readonly EndedRule[] = [],
  notices: readonly Notice[] = [],
): ProblemsJson {
  return {
    version: 1,
    file,
    valid: problems.every(({ severity }) => severity === 'warning'),
    problems: problems.map(({ code, severity, message, remedy, at }) => ({ code, severity, message, remedy, ...at })),
    tests: tests.map(testToJson),
    never: never.map(ruleToJson),
    notices: notices.map(noticeToJson),
  };
}

function testToJson({ test, verdict, reason }: EndedTest): TestJson {
  const { who, resource, expect, moment, at } = test;
  return {
    verdict,
    who: writtenName(who),
    resource: resource.text,
    expect,
    at: moment?.text ?? null,
    reason,
    file: at.file,
    line: at.line,
  };
}

function ruleToJson({ rule, verdict, reason }: EndedRule): RuleJson {
  const { whoText, resource, level, at } = rule;
  return { verdict, who: whoText, resource: resource.text, level, reason, file: at.file, line: at.line };
}
