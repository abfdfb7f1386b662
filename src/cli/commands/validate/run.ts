import type { Notice } from '../../../core/domain/plan/notice.ts';
import type { Policy } from '../../../core/domain/policy/policy.ts';
import { resolvePolicy } from '../../../core/resolve/resolve-policy.ts';
import { judgeNever } from '../../../core/validate/check-never.ts';
import type { NeverResult } from '../../../core/validate/run-never-rules.ts';
import { runPolicyTests } from '../../../core/validate/run-policy-tests.ts';
import type { PolicyTestResult } from '../../../core/validate/test-result.ts';
import { fitText } from '../../../report/layout/fit.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import { noticesSection } from '../../../report/plan/text-lists.ts';
import { renderProblems } from '../../../report/problems/text.ts';
import { endOfRule, endOfTest } from '../../../report/validation/check-end.ts';
import { renderValidationText } from '../../../report/validation/text.ts';
import { EXIT, type ExitCode, worstOf } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { checkPolicy } from '../../open/policy.ts';
import { readSnapshot } from '../../open/snapshot.ts';
import { writeOutputFile } from '../../process/write-output-file.ts';
import type { ValidateCall } from './spec.ts';

/** Checks the policy, runs its tests and invariants, and prints the result. */
export async function runValidate(call: ValidateCall): Promise<ExitCode> {
  const { source, checked } = await checkPolicy(call);
  const { tests, rules, notices } = checked.ok ? await judge(call, checked.value) : NOTHING_JUDGED;
  const checks = [...tests.map(endOfTest), ...rules.map(endOfRule)];
  const outcome = { file: source.file, problems: checked.problems, checks };
  const { junit } = call.flags;
  if (junit !== undefined) {
    const { renderJunit } = await import('../../../report/validation/junit.ts');
    await writeOutputFile(call.io.cwd, junit, renderJunit(outcome));
  }
  const { io, paint } = call;
  if (call.flags.format === 'json') {
    const { problemsToJson } = await import('../../../report/problems/json.ts');
    io.stdout.write(jsonText(problemsToJson(source.file, checked.problems, tests, rules, notices)));
  } else {
    io.stdout.write(renderProblems(checked.problems, source, paint.stdout));
    io.stdout.write(noticesText(notices, paint.stdout));
    io.stdout.write(renderValidationText(outcome, paint.stdout));
  }
  const hasFailed = checks.some(({ verdict }) => verdict === 'failed');
  return worstOf(checked.ok ? EXIT.done : EXIT.invalid, hasFailed ? EXIT.failed : EXIT.done);
}

/** The results of the tests and invariants of a policy. */
interface Judgement {
  readonly tests: readonly PolicyTestResult[];
  readonly rules: readonly NeverResult[];
  /** Only an account can show that nobody has an e-mail. */
  readonly notices: readonly Notice[];
}

const NOTHING_JUDGED: Judgement = { tests: [], rules: [], notices: [] };

function noticesText(notices: readonly Notice[], paint: Paint): string {
  const lines = noticesSection('Notices', notices, paint, notices.length);
  return fitText(lines.map((line) => `${line}\n`).join(''), paint);
}

/**
 * Judges by the text alone, or on a snapshot if the call names one. A broken invariant that the text proves is a problem of
 * the policy; where the text leaves it open, only a snapshot decides.
 */
async function judge(call: ValidateCall, policy: Policy): Promise<Judgement> {
  const resolved = resolvePolicy(policy);
  const now = call.io.clock.now();
  const { snapshot } = call.flags;
  if (snapshot === undefined)
    return { ...NOTHING_JUDGED, tests: runPolicyTests(policy, resolved.entitlements, now), rules: judgeNever(policy) };
  const actual = await readSnapshot(call, snapshot, policy.account);
  const { tree, accesses } = actual;
  const [
    { bindToTree },
    { peopleLists, unmatchedPeople },
    { organizationRoles },
    { runAccountTests },
    { runNeverRules },
  ] = await Promise.all([
    import('../../../core/bind/bind-to-tree.ts'),
    import('../../../core/bind/unmatched-people.ts'),
    import('../../../core/validate/organization-roles.ts'),
    import('../../../core/validate/run-account-tests.ts'),
    import('../../../core/validate/run-never-rules.ts'),
  ]);
  const binding = bindToTree(resolved, tree);
  const roles = organizationRoles(actual, policy.tokens);
  return {
    tests: runAccountTests(binding, now, roles),
    rules: runNeverRules(binding, resolved, roles),
    notices: unmatchedPeople(peopleLists(policy), accesses),
  };
}
