import type { ApprovedPart, Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { Limits } from '../../../src/core/domain/policy/policy.ts';
import type { Moved } from '../../../test/property/limit-checks.ts';
import { levelNumber } from '../../../test/property/run-checks.ts';
import { ACCOUNT } from '../../../test/support/arbitrary/policy.ts';
import { keyOf } from '../../../test/support/oracle.ts';
import type { Ledger } from './ledger.ts';
import type { RunEndFacts, RunRecord } from './run-record.ts';

const ACCOUNT_ROW = keyOf({ type: 'account', id: ACCOUNT });

/** What each limit counts. */
const COUNTED: Readonly<Record<LimitName, (row: Moved) => boolean>> = {
  'revoke-limit': ({ before, after }) => after < before,
  'gain-limit': ({ before, after }) => after > before,
  'admin-limit': ({ key, before, after }) => key === ACCOUNT_ROW && before < 100 && after >= 100,
};

type LimitName = 'revoke-limit' | 'gain-limit' | 'admin-limit';

/** A row that a limit held while an approval let another part pass that the same limit held. */
interface LeftHeld {
  readonly rule: LimitName;
  /** The access and the row. */
  readonly row: string;
  readonly limits: Limits;
}

/** An approval is good once, and what an approval left held stays held until somebody approves it or raises the limit. */
export class ApprovalsLedger implements Ledger {
  readonly #used = new Set<string>();
  #leftHeld: readonly LeftHeld[] = [];

  stateLost(): void {
    this.#used.clear();
    this.#leftHeld = [];
  }

  judge(run: RunRecord, facts: RunEndFacts): readonly string[] {
    const { plan, policy } = run;
    if (plan === null) return [];
    const moved = writtenRows(run);
    const begun = plan.approved.filter(({ changes }) => changes.some((change) => moved.has(rowOf(change))));
    const stay = this.#leftHeld.filter((one) => !isRaised(one.rule, one.limits, policy.limits));
    const broken = [...this.#usedAgain(begun), ...passed(stay, { plan, moved, facts })];
    this.#leftHeld = [...stay.filter(({ row }) => isPlanned(plan, facts, row)), ...leftHeldBy(begun, run, facts)];
    return broken;
  }

  #usedAgain(begun: readonly ApprovedPart[]): readonly string[] {
    return begun.flatMap(({ digest, by, isBegun }) => {
      if (isBegun || by.kind !== 'policy') return [];
      const use = `${digest} ${by.until.at}`;
      const isAgain = this.#used.has(use);
      this.#used.add(use);
      return isAgain ? [`an approval is good once: ${digest} until ${by.until.text} is used again`] : [];
    });
  }
}

/** The rows that a run sent, and how it moved them. */
function writtenRows({ writes }: RunRecord): ReadonlyMap<string, Moved> {
  return new Map(
    writes.flatMap(({ access, rows, before }) =>
      rows.map(({ resource, level }) => {
        const key = keyOf(resource);
        const had = before.get(access)?.rows.get(key) ?? 0;
        return [`${access} ${key}`, { access, key, before: had, after: levelNumber(level) }] as const;
      }),
    ),
  );
}

function passed(
  stay: readonly LeftHeld[],
  { plan, moved, facts }: { plan: Plan; moved: ReadonlyMap<string, Moved>; facts: RunEndFacts },
): readonly string[] {
  const approved = new Set(plan.approved.flatMap(({ changes }) => changes.map(rowOf)));
  return stay.flatMap(({ rule, row }) => {
    const how = moved.get(row);
    if (how === undefined || approved.has(row) || !COUNTED[rule](how) || facts.earlier.countsNot(how)) return [];
    return [`held stays held: an approval left ${row} held by ${rule}, and it is written without one`];
  });
}

/** What the limits that these parts exceeded still hold. Where the run died, what they held when it began to write. */
function leftHeldBy(
  begun: readonly ApprovedPart[],
  { plan, policy }: RunRecord,
  { end }: RunEndFacts,
): readonly LeftHeld[] {
  const rules = new Set<string>(begun.flatMap((part) => part.rules));
  const last = lastPlan(end);
  const stillHeld = last && new Set(last.held.flatMap(({ changes }) => changes.map(rowOf)));
  return (plan?.held ?? []).flatMap((part) =>
    Object.keys(COUNTED).flatMap((name) => {
      const rule = name as LimitName;
      if (!rules.has(rule) || !part.rules.includes(rule)) return [];
      const rows = part.changes.map(rowOf).filter((row) => stillHeld?.has(row) ?? true);
      return rows.map((row): LeftHeld => ({ rule, row, limits: policy.limits }));
    }),
  );
}

/** Whether a row is in what a run set out to do, and in what it left. A run that read nothing says nothing about it. */
function isPlanned(plan: Plan, { end }: RunEndFacts, row: string): boolean {
  return [plan, lastPlan(end)].every((one) => one === null || requested(one).has(row));
}

function lastPlan(end: RunEndFacts['end']): Plan | null {
  const result = end?.result ?? null;
  return (result?.kind === 'written' ? result.after : result?.plan) ?? null;
}

function requested({ changes, held, deferred }: Plan): ReadonlySet<string> {
  const parts = [changes, ...held.map((part) => part.changes), deferred.map(({ change }) => change)];
  return new Set(parts.flat().map(rowOf));
}

function rowOf({ access, resource }: Pick<Change, 'access' | 'resource'>): string {
  return `${access} ${keyOf(resource)}`;
}

function isRaised(rule: LimitName, before: Limits, now: Limits): boolean {
  if (rule === 'admin-limit') return now.newAdmins > before.newAdmins;
  const [had, has] = rule === 'gain-limit' ? [before.gains, now.gains] : [before.revokes, now.revokes];
  return has.principals > had.principals || (has.percent ?? 100) > (had.percent ?? 100);
}
