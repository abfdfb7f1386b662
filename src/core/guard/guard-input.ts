import type { ActualState } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText, writtenName } from '../domain/account/principal.ts';
import type { LimitPool } from '../domain/plan/change-cause.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import type { Change, Difference, Refusal } from '../domain/plan/plan.ts';
import type { Restraints } from '../domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';

/** Everything that a guard rule may look at. Rules judge what the plan makes worse, not what it found. */
export interface GuardInput {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
}

/** The input of a rule, with the changes that are approved. They use up the limits, and no limit holds them. */
export interface JudgedInput extends GuardInput {
  readonly approved: ReadonlySet<Change>;
}

/** The input of a limit: it judges one pool of causes, whose changes it gets. */
export interface PooledInput extends JudgedInput {
  readonly pool: LimitPool;
}

/** A broken rule and every change that it holds: all that count towards it, not an arbitrary few. */
export interface GuardFinding {
  readonly refusal: Refusal;
  readonly held: readonly Change[];
}

/** One rule, applied to some of the changes of a difference. Null if they pass. */
export type GuardCheck = (judged: JudgedInput, changes: readonly Change[]) => GuardFinding | null;

/** The principals of some changes, each once, by e-mail or token: a user and an invite of one e-mail are one. */
export function namesOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map((change) => principalNameText(nameOf(change.principal))))];
}

/** The principals of some changes as the account spells them: the first ten, and how many more there are. */
export function listPrincipals(changes: readonly Change[]): string {
  const names = changes.map(({ principal }) => nameOf(principal));
  const texts = [...new Map(names.map((name) => [principalNameText(name), writtenName(name)])).values()];
  return texts.slice(0, 10).join(', ') + (texts.length > 10 ? ` and ${texts.length - 10} more` : '');
}

/** The subjects that grantd may write, by access id. Excluded ones are left out: a declared token may have the access id of someone else. */
export function writableSubjects(desired: DesiredState): ReadonlyMap<number, Subject> {
  return new Map(
    desired.subjects.flatMap((subject) => (subject.excluded === null ? [[subject.access.access, subject]] : [])),
  );
}
