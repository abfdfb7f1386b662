import { principalNameText } from '../../../core/domain/account/principal.ts';
import type { NeverRule, PolicyTest } from '../../../core/domain/policy/policy.ts';
import type { Place } from '../../../core/domain/text/problem.ts';
import type { NeverResult } from '../../../core/validate/run-never-rules.ts';
import type { PolicyTestResult } from '../../../core/validate/test-result.ts';

/** How one test or one invariant of a policy ended, in words. */
export interface CheckEnd {
  readonly kind: 'test' | 'never';
  /** The test or the invariant in one line. */
  readonly words: string;
  readonly at: Place;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly reason: string | null;
}

export function endOfTest({ test, verdict, reason }: Pick<PolicyTestResult, 'test' | 'verdict' | 'reason'>): CheckEnd {
  return { kind: 'test', words: testWords(test), at: test.at, verdict, reason };
}

export function endOfRule({ rule, verdict, reason }: NeverResult): CheckEnd {
  return { kind: 'never', words: ruleWords(rule), at: rule.at, verdict, reason };
}

function testWords({ who, resource, expect, moment }: PolicyTest): string {
  const when = moment === null ? '' : ` at ${moment.text}`;
  return `${principalNameText(who)} has ${expect === 'none' ? 'nothing' : expect} on ${resource.text}${when}`;
}

function ruleWords({ whoText, resource, level }: NeverRule): string {
  return `${whoText} is never ${level} on ${resource.text}`;
}
