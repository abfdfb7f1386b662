import { isGain } from '../domain/plan/batch.ts';
import type { Change, Deferred, Difference } from '../domain/plan/plan.ts';
import type { GuardInput } from './guard-input.ts';
import { protectedDoubts } from './protected-doubts.ts';
import { renameDoubts } from './rename-doubts.ts';

/**
 * Takes the losses out of a difference that would fall on a person because their e-mail changed in Mailtrap, or may have. They are
 * deferred, whatever is remembered, so the plan lists the same changes everywhere. Nothing relies on a loss.
 */
export function deferRenamed(input: GuardInput): Difference {
  const { difference } = input;
  const doubts = [protectedDoubts(input), renameDoubts(input)];
  const changes: Change[] = [];
  const deferred: Deferred[] = [];
  for (const change of difference.changes) {
    const isLossOfPerson = !isGain(change) && change.principal.kind !== 'token';
    const doubt = isLossOfPerson ? doubts.map(({ of }) => of(change)).find((found) => found !== null) : undefined;
    if (doubt) deferred.push({ change, ...doubt });
    else changes.push(change);
  }
  return {
    ...difference,
    changes,
    deferred: [...difference.deferred, ...deferred],
    notices: [...difference.notices, ...doubts.flatMap(({ notices }) => notices)],
  };
}
