import { levelName } from '../domain/access-level.ts';
import type { PolicyTest } from '../domain/policy.ts';
import { principalNameText } from '../domain/principal.ts';
import type { PolicyTestResult } from '../validate/run-policy-tests.ts';
import type { AccountTest } from './account-tests.ts';

/** How one test of a policy ended, whether its text or an account decided it. */
export type TestEnd = Pick<PolicyTestResult, 'test' | 'verdict' | 'reason'>;

/** What a test says, in one line. */
export function testWords({ who, resource, expect, moment }: PolicyTest): string {
  const when = moment === null ? '' : ` at ${moment.text}`;
  return `${principalNameText(who)} has ${expect === 'none' ? 'nothing' : expect} on ${resource.text}${when}`;
}

export function fromAccountTest({ test, found, passed }: AccountTest): TestEnd {
  if (found === null) {
    const reason = `the snapshot does not show exactly one ${test.resource.text}`;
    return { test, verdict: 'undecided', reason };
  }
  const reason = passed ? null : `expected ${test.expect}, and the policy gives ${levelName(found)}`;
  return { test, verdict: passed ? 'passed' : 'failed', reason };
}
