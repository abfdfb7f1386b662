import { type Finding, fail, ok, unknown } from './finding.ts';
import type { Patient } from './patient.ts';

/** That no two policies are of one account: each would undo what the other does. */
export async function checkAccounts(patients: readonly Patient[]): Promise<Finding> {
  const policies = new Map<number, string>();
  const looks = await Promise.all(patients.map(async (patient) => ({ patient, look: await patient.policyLook() })));
  for (const { patient, look } of looks) {
    if (look.kind !== 'valid') continue;
    const { account } = look.resolved.policy;
    const other = policies.get(account);
    if (other !== undefined) {
      return fail(`${other} and ${patient.policy} are both of account ${account}`, 'merge them into one policy');
    }
    policies.set(account, patient.policy);
  }
  if (policies.size < patients.length) {
    return unknown(
      `${patients.length - policies.size} of ${patients.length} policies could not be read, so two may be of one account`,
    );
  }
  return ok(patients.length === 1 ? 'one account' : `${patients.length} accounts, each with one policy`);
}
