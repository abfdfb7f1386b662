import { writtenName } from '../../core/domain/account/principal.ts';
import type { NeverRule, PolicyTest } from '../../core/domain/policy/policy.ts';
import type { Place, Problem } from '../../core/domain/text/problem.ts';
import type { NeverResult } from '../../core/validate/run-never-rules.ts';
import type { PolicyTestResult } from '../../core/validate/test-result.ts';

/** What validation found: the problems of the text, and how the tests and `never` rules ended. */
export interface ValidationOutcome {
  readonly file: string;
  readonly problems: readonly Problem[];
  readonly checks: readonly CheckEnd[];
}

/** How one test or `never` rule of a policy ended, in words. */
export interface CheckEnd {
  readonly kind: 'test' | 'never';
  /** The test or rule in one line. */
  readonly words: string;
  readonly at: Place;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** Why it failed or cannot be decided; empty if it passed. */
  readonly reason: string;
}

/** The result of a test, in words. */
export function endOfTest({ test, verdict, reason }: Pick<PolicyTestResult, 'test' | 'verdict' | 'reason'>): CheckEnd {
  return { kind: 'test', words: testWords(test), at: test.at, verdict, reason: reason ?? '' };
}

/** The result of a `never` rule, in words. */
export function endOfRule({ rule, verdict, reason }: NeverResult): CheckEnd {
  return { kind: 'never', words: ruleWords(rule), at: rule.at, verdict, reason: reason ?? '' };
}

function testWords({ who, resource, expect, moment }: PolicyTest): string {
  const when = moment === null ? '' : ` at ${moment.text}`;
  return `${writtenName(who)} should have ${expect === 'none' ? 'nothing' : expect} on ${resource.text}${when}`;
}

function ruleWords({ whoText, resource, level }: NeverRule): string {
  return `${whoText} is never ${level} on ${resource.text}`;
}
