import type { ActualState } from '../domain/account/actual-state.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';
import type { Change, Difference, Refusal } from '../domain/plan/plan.ts';
import type { Restraints } from '../domain/plan/restraints.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';

/** Everything that a rule may look at. Rules judge what the plan makes worse, never what it found. */
export interface GuardInput {
  readonly difference: Difference;
  readonly desired: DesiredState;
  readonly actual: ActualState;
  readonly resolved: ResolvedPolicy;
  readonly restraints: Restraints;
}

/** A rule that is broken, and every change that it holds: all that it counts, never an arbitrary few. */
export interface GuardFinding {
  readonly refusal: Refusal;
  readonly held: readonly Change[];
}

/** One rule over some of the changes of a difference: what it holds of them, or null where they pass. */
export type GuardCheck = (judged: GuardInput, changes: readonly Change[]) => GuardFinding | null;

/** Whom changes concern, each once: by e-mail or token, so that a user and an invite of one e-mail are one. */
export function namesOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map((change) => principalNameText(nameOf(change.principal))))];
}

/** The first ten of many names, and how many more there are. */
export function listNames(names: readonly string[]): string {
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
}

/** By their access ids, without those of whom nothing is written: a declared token may carry the access id of somebody else. */
export function writableSubjects(desired: DesiredState): ReadonlyMap<number, Subject> {
  return new Map(
    desired.subjects.flatMap((subject) => (subject.excluded === null ? [[subject.access.access, subject]] : [])),
  );
}
