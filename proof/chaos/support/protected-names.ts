import type { PrincipalName } from '../../../src/core/domain/account/principal.ts';
import { levelNumber } from '../../../test/property/run-checks.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { isNamed, keyOf } from '../../../test/support/oracle.ts';
import type { RunEndFacts, RunRecord } from './run-record.ts';

const ACCOUNT_ROW = keyOf({ type: 'account', id: ACCOUNT });

/**
 * Whom a policy protects loses nothing. While nobody has a protected e-mail, the person may have another one by now: then nobody loses
 * anything whom no grant names, and nobody loses account admin.
 */
export function expectProtectedKeep(run: RunRecord, { worlds }: Pick<RunEndFacts, 'worlds'>): void {
  const { policy, account, writes } = run;
  const listed = new Set(policy.protected.flatMap((name) => ('email' in name ? [name.email] : [])));
  const people = new Map(
    account.accesses.filter(({ kind }) => kind !== 'ApiToken').map((one) => [one.access, one.who]),
  );
  const present = new Set([...people.values()].map((who) => who.toLowerCase()));
  const absent = [...listed].find((email) => !present.has(email));
  for (const { access, rows, before } of writes) {
    const email = people.get(access)?.toLowerCase();
    if (email === undefined || isMovedByOthers(run, access)) continue;
    const lost = rows.map(({ resource, level }) => ({ key: keyOf(resource), level: levelNumber(level) }));
    const name: PrincipalName = { email };
    for (const { key, level } of lost) {
      if (level >= (before.get(access)?.rows.get(key) ?? 0)) continue;
      if (listed.has(email)) throw new Error(`${email} is protected and loses ${key}`);
      if (absent === undefined) continue;
      const isUnlisted = worlds.every((world) => !isNamed(policy, name, world.now));
      if (isUnlisted || (key === ACCOUNT_ROW && level < 100 && before.get(access)?.rows.get(key) === 100))
        throw new Error(`${email} loses ${key} and may be ${absent}, who is protected and whom nobody is`);
    }
  }
}

/** What somebody else wrote of an access while the run went on may differ from what it read. */
function isMovedByOthers({ foreign, faults }: RunRecord, access: number): boolean {
  const written = faults.flatMap((fault) => (fault.kind === 'second-writer' ? [fault.write] : []));
  return [...foreign, ...written].some((write) => 'who' in write && write.who === access);
}
