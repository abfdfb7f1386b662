import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { levelNumber } from '../../../test/property/run-checks.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { isNamed, keyOf } from '../../../test/support/oracle.ts';
import type { Ledger } from './ledger.ts';
import type { RunEndFacts, RunRecord } from './run-record.ts';

const ACCOUNT_ROW = keyOf({ type: 'account', id: ACCOUNT });

/** One row that a run took or lowered. */
interface Loss {
  readonly access: number;
  readonly email: string;
  readonly key: string;
  readonly had: number;
}

/**
 * Whom a policy protects loses nothing, also under a new e-mail once a run had nothing left to do for them. While nobody ever had a
 * protected e-mail, anybody may be that person: then the unlisted lose nothing and nobody loses account admin, but for what others
 * gave since.
 */
export class ProtectedLedger implements Ledger {
  /** Under which protected e-mail an access settled. */
  #known = new Map<number, string>();
  #learnt = new Map<number, string>();
  readonly #seen = new Set<string>();

  stateLost(): void {
    this.#known.clear();
    this.#learnt.clear();
    this.#seen.clear();
  }

  died(): void {
    this.#learnt.clear();
  }

  judge(run: RunRecord, facts: RunEndFacts): readonly string[] {
    this.#known = new Map([...this.#known, ...this.#learnt]);
    const people = peopleOf(run);
    const listed = listedBy(run);
    const absent = [...listed].find((email) => !this.#seen.has(email) && ![...people.values()].includes(email));
    const broken = lossesOf(run, people).flatMap((loss) => {
      const { access, email, key } = loss;
      const known = this.#known.get(access);
      if (listed.has(email)) return [`${email} is protected and loses ${key}`];
      if (known && listed.has(known)) return [`${email} loses ${key}, and was ${known}, who is protected`];
      if (absent === undefined || isByOthers(run.plan, loss)) return [];
      const isUnlisted = facts.worlds.every((world) => !isNamed(world.policy, { email }, world.now));
      const isAdmin = key === ACCOUNT_ROW && loss.had === 100;
      return isUnlisted || isAdmin ? [`${email} loses ${key}, and may be ${absent}, whom nobody was`] : [];
    });
    this.#learn(run, facts, people, listed);
    return broken.map((what) => `the protected keep what they have: ${what}`);
  }

  #learn(
    run: RunRecord,
    { end, now }: RunEndFacts,
    people: ReadonlyMap<number, string>,
    listed: ReadonlySet<string>,
  ): void {
    const after = [...now.values()].flatMap(({ name }) => ('email' in name ? [name.email] : []));
    for (const email of [...people.values(), ...after]) this.#seen.add(email);
    const result = end?.result ?? null;
    if (result === null) return;
    // Where the policy names it no more, or somebody else has it, grantd goes by the e-mail of now.
    for (const [access, email] of this.#known)
      if (!listed.has(email) || [...people].some(([other, own]) => other !== access && own === email))
        this.#known.delete(access);
    const left = (result.kind === 'written' ? result.after : result.plan) ?? null;
    if (left === null || run.isBlurred || run.foreign.length > 0) return;
    const busy = new Set([
      ...left.changes.map(({ access }) => access),
      ...left.held.flatMap(({ changes }) => changes.map(({ access }) => access)),
      ...left.deferred.map(({ change }) => change.access),
    ]);
    const settled = [...people].filter(([access, email]) => listed.has(email) && !busy.has(access));
    const single = settled.filter(([, email]) => [...people.values()].filter((one) => one === email).length === 1);
    this.#learnt = new Map(single);
  }
}

function listedBy({ policy }: RunRecord): ReadonlySet<string> {
  return new Set(policy.protected.flatMap((name) => ('email' in name ? [name.email] : [])));
}

function peopleOf({ account }: RunRecord): ReadonlyMap<number, string> {
  const people = account.accesses.filter(({ kind }) => kind !== 'ApiToken');
  return new Map(people.map(({ access, who }) => [access, who.toLowerCase()]));
}

function lossesOf(run: RunRecord, people: ReadonlyMap<number, string>): readonly Loss[] {
  return run.writes.flatMap(({ access, rows, before }) => {
    const email = people.get(access);
    if (email === undefined || isMovedByOthers(run, access)) return [];
    return rows.flatMap(({ resource, level }): Loss[] => {
      const key = keyOf(resource);
      const had = before.get(access)?.rows.get(key) ?? 0;
      return levelNumber(level) < had ? [{ access, email, key, had }] : [];
    });
  });
}

/** The ledger of causes judges whether it is true. */
function isByOthers(plan: Plan | null, { access, key }: Loss): boolean {
  const change = plan?.changes.find((one) => one.access === access && keyOf(one.resource) === key);
  return change?.cause === 'drift' || change?.cause === 'newcomer';
}

/** What somebody else wrote of an access while the run went on may differ from what it read. */
function isMovedByOthers({ foreign, faults }: RunRecord, access: number): boolean {
  const written = faults.flatMap((fault) => (fault.kind === 'second-writer' ? [fault.write] : []));
  return [...foreign, ...written].some((write) => 'who' in write && write.who === access);
}
