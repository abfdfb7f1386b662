import type { DesiredState, Subject } from '../domain/plan/desired-state.ts';

/** By their access ids, without those of whom nothing is written: a declared token may carry the access id of somebody else. */
export function writableSubjects(desired: DesiredState): ReadonlyMap<number, Subject> {
  return new Map(
    desired.subjects.flatMap((subject) => (subject.excluded === null ? [[subject.access.access, subject]] : [])),
  );
}
