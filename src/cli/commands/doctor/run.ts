import { GrantdError } from '../../../core/domain/text/error.ts';
import { type CheckResult, doctorToJson } from '../../../report/doctor/json.ts';
import { renderDoctorText } from '../../../report/doctor/text.ts';
import { runBounded } from '../../../run/apply/run-bounded.ts';
import { EXIT, type ExitCode, worstOf } from '../../line/exit-code.ts';
import { jsonText } from '../../line/json-text.ts';
import { policiesOf } from '../../line/one-account.ts';
import { Progress } from '../../process/terminal.ts';
import { DOCTOR_POLICY_CHECKS, type DoctorCheck, FLEET_CHECKS, MACHINE_CHECKS } from './checks.ts';
import { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, failFrom } from './finding.ts';
import { clearPutReplaces } from './put-replaces.ts';
import type { DoctorCall } from './spec.ts';

/** How many policies grantd checks at the same time. */
const POLICIES_AT_ONCE = 4;

/** Runs every check and prints what they found. */
export async function runDoctor(call: DoctorCall): Promise<ExitCode> {
  if (call.flags.clear === 'put-replaces') return clearPutReplaces(call);
  const contexts = policiesOf(call).map((one) => new DoctorContext(call, one));
  const progress = new Progress(call.io.stderr);
  progress.show('looking at settings, policies and accounts');
  try {
    const results = [
      ...(await runChecks(MACHINE_CHECKS, call, null)),
      ...(await runChecks(FLEET_CHECKS, contexts, null)),
      ...(await runForEach(contexts)),
    ];
    progress.end();
    const isJson = call.flags.format === 'json';
    call.io.stdout.write(isJson ? jsonText(doctorToJson(results)) : renderDoctorText(results, call.paint.stdout));
    return exitOf(results);
  } finally {
    progress.end();
  }
}

async function runForEach(contexts: readonly DoctorContext[]): Promise<readonly CheckResult[]> {
  const found = new Map<DoctorContext, readonly CheckResult[]>();
  await runBounded(contexts, POLICIES_AT_ONCE, async (context) => {
    found.set(context, await runChecks(DOCTOR_POLICY_CHECKS, context, context.policy));
  });
  return contexts.flatMap((context) => found.get(context) ?? []);
}

async function runChecks<On>(
  checks: readonly DoctorCheck<On>[],
  on: On,
  policy: string | null,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run: check } of checks) {
    const found = await check(on).catch(internalError);
    for (const finding of [found].flat()) results.push({ ...finding, check: name, policy });
  }
  return results;
}

/** An internal error in one check must not hide what the others find. */
function internalError(error: unknown): DoctorFinding {
  if (error instanceof GrantdError) return failFrom(error);
  const name = error instanceof Error ? error.name : typeof error;
  return fail(
    `internal error in this check (${name}); you did nothing wrong`,
    'please report it with the command that you ran',
  );
}

function exitOf(results: readonly CheckResult[]): ExitCode {
  const failed = results.filter(({ status }) => status === 'fail');
  const isPolicyInvalid = failed.some(({ check }) => check === 'policy');
  return worstOf(failed.length > 0 ? EXIT.failed : EXIT.done, isPolicyInvalid ? EXIT.invalid : EXIT.done);
}
