import { GrantdError } from '../../../core/domain/text/error.ts';
import { runBounded } from '../../../run/apply/run-bounded.ts';
import type { Call } from '../../line/command.ts';
import { EXIT, type ExitCode, worstOf } from '../../line/exit-code.ts';
import { jsonText, textFlag } from '../../line/flags.ts';
import { policiesOf } from '../../line/one-account.ts';
import { Progress } from '../../process/progress.ts';
import { type DoctorCheck, FLEET_CHECKS, MACHINE_CHECKS, POLICY_CHECKS } from './checks.ts';
import { type Finding, fail, failFrom } from './finding.ts';
import { Patient } from './patient.ts';
import { type CheckResult, doctorText, doctorToJson } from './report.ts';

/** How many accounts are asked at the same time. */
const PATIENTS_AT_ONCE = 4;

/** Runs every check and prints what they found. */
export async function runDoctor(call: Call): Promise<ExitCode> {
  const patients = policiesOf(call).map((one) => new Patient(call, one));
  const progress = new Progress(call.io.stderr);
  progress.show('looking at settings, policies and accounts');
  try {
    const results = [
      ...(await runChecks(MACHINE_CHECKS, call, null)),
      ...(await runChecks(FLEET_CHECKS, patients, null)),
      ...(await runForEach(patients)),
    ];
    progress.end();
    const isJson = textFlag(call, 'format') === 'json';
    call.io.stdout.write(isJson ? jsonText(doctorToJson(results)) : doctorText(results, call.paint.stdout));
    return exitOf(results);
  } finally {
    progress.end();
  }
}

async function runForEach(patients: readonly Patient[]): Promise<readonly CheckResult[]> {
  const found = new Map<Patient, readonly CheckResult[]>();
  await runBounded(patients, PATIENTS_AT_ONCE, async (patient) => {
    found.set(patient, await runChecks(POLICY_CHECKS, patient, patient.policy));
  });
  return patients.flatMap((patient) => found.get(patient) ?? []);
}

async function runChecks<On>(
  checks: readonly DoctorCheck<On>[],
  on: On,
  policy: string | null,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run: check } of checks) {
    const finding = await check(on).catch(faultOf);
    results.push({ ...finding, check: name, policy });
  }
  return results;
}

/** A check with a fault of its own must not hide what the others find. */
function faultOf(error: unknown): Finding {
  if (error instanceof GrantdError) return failFrom(error);
  const name = error instanceof Error ? error.name : typeof error;
  return fail(
    `this check has a fault (${name}), which is not your doing`,
    'please report it with the command that was run',
  );
}

function exitOf(results: readonly CheckResult[]): ExitCode {
  const failed = results.filter(({ status }) => status === 'fail');
  const isPolicyInvalid = failed.some(({ check }) => check === 'policy');
  return worstOf(failed.length > 0 ? EXIT.failed : EXIT.done, isPolicyInvalid ? EXIT.invalid : EXIT.done);
}
