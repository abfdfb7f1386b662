import { bindToTree } from '../bind/bind-to-tree.ts';
import type { Policy } from '../domain/policy.ts';
import { problemsToJson } from '../report/problems-json.ts';
import { renderProblems } from '../report/render-problems.ts';
import { resolvePolicy } from '../resolve/resolve-policy.ts';
import { runAccountTests } from '../validate/run-account-tests.ts';
import { type NeverResult, runNeverRules } from '../validate/run-never-rules.ts';
import { runPolicyTests } from '../validate/run-policy-tests.ts';
import type { PolicyTestResult } from '../validate/test-result.ts';
import type { Call, CommandSpec } from './command-spec.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import { formatFlag, jsonText, textFlag } from './flags.ts';
import { junitText } from './junit-text.ts';
import { checkPolicy } from './open-policy.ts';
import { POLICY_ARGUMENT } from './policy-argument.ts';
import { readSnapshot } from './read-snapshot.ts';
import { endOfRule, endOfTest } from './test-end.ts';
import { validationText } from './validation-text.ts';
import { writeOutputFile } from './write-output-file.ts';

export const validateCommand: CommandSpec = {
  name: 'validate',
  summary: 'check a policy and run the tests in it: no token, no network',
  description:
    'Checks the text of the policy, its words, its references, what contradicts itself, its invariants, and the tests in ' +
    'it. Every problem is told at once, with its place and a remedy. What the text cannot decide says so and is skipped; a ' +
    'snapshot decides it. An error exits with 4; a failed test, or an invariant broken on the snapshot, with 1.',
  arguments: [POLICY_ARGUMENT],
  flags: [
    { flags: '--junit <FILE>', says: 'also write the result as JUnit XML' },
    { flags: '--snapshot <FILE>', says: 'judge the tests and `never` on a saved account' },
    formatFlag('text', 'json'),
  ],
  settings: ['policy'],
  reads: 'the policy, and the snapshot',
  writes: 'nothing, but the file of --junit',
  exits: [0, 1, 4],
  examples: [
    { line: 'grantd validate', says: './policy.yaml' },
    { line: 'grantd validate team.yaml --junit validate.xml', says: 'in CI, on every pull request' },
    { line: 'grantd validate --snapshot account.json', says: 'with tests that only an account can decide' },
    { line: 'git show HEAD:policy.yaml | grantd validate -', says: 'what is committed' },
  ],
  run,
};

async function run(call: Call): Promise<ExitCode> {
  const { source, checked } = await checkPolicy(call);
  const { tests, rules } = checked.ok ? await judge(call, checked.value) : { tests: [], rules: [] };
  const checks = [...tests.map(endOfTest), ...rules.map(endOfRule)];
  const outcome = { file: source.file, problems: checked.problems, checks };
  const junit = textFlag(call, 'junit');
  if (junit !== undefined) await writeOutputFile(call.io.cwd, junit, junitText(outcome));
  const { io, paint } = call;
  if (textFlag(call, 'format') === 'json') {
    io.stdout.write(jsonText(problemsToJson(source.file, checked.problems, tests, rules)));
  } else {
    io.stdout.write(renderProblems(checked.problems, source, paint.stdout));
    io.stdout.write(validationText(outcome, paint.stdout));
  }
  const hasFailed = checks.some(({ verdict }) => verdict === 'failed');
  return worstOf(checked.ok ? EXIT.done : EXIT.invalid, hasFailed ? EXIT.failed : EXIT.done);
}

/** How what a policy says of itself ended. */
interface Judgement {
  readonly tests: readonly PolicyTestResult[];
  readonly rules: readonly NeverResult[];
}

/**
 * By the text alone, or on a snapshot where one is named. What the text proves of an invariant is a problem of the policy;
 * only a snapshot tells the rest.
 */
async function judge(call: Call, policy: Policy): Promise<Judgement> {
  const resolved = resolvePolicy(policy);
  const now = call.io.clock.now();
  const snapshot = textFlag(call, 'snapshot');
  if (snapshot === undefined) return { tests: runPolicyTests(policy, resolved.wishes, now), rules: [] };
  const { tree } = await readSnapshot(call, snapshot, policy.account);
  const binding = bindToTree(resolved, tree);
  return { tests: runAccountTests(binding, now), rules: runNeverRules(binding, resolved) };
}
