import { errorAt, type Problem } from '../domain/text/problem.ts';
import { checkDateOrder, checkEndsInAdditive, checkUntilOnProtected } from './check-dates.ts';
import { checkExcept } from './check-except.ts';
import { checkExceptUndone } from './check-except-undone.ts';
import { checkGroupNesting } from './check-groups.ts';
import { checkEmailSpellings, checkListedTwice, checkSimilarNames, checkTokenIds } from './check-identities.ts';
import { checkEnds, checkIgnoredPeople, checkIgnoredResources, checkOutsideManage } from './check-ignored.ts';
import { checkNever } from './check-never.ts';
import { checkReferences, checkUnused } from './check-references.ts';
import type { PolicyDraft } from './read-policy.ts';

/** Judges one thing that no single value of the file shows. Sees a draft, which may lack what could not be read. */
export type PolicyCheck = (draft: PolicyDraft) => readonly Problem[];

/** Every cross-check, in the order of docs/errors.md. Each stands alone: none needs another to have passed. */
export const POLICY_CHECKS: readonly PolicyCheck[] = [
  checkPausedLast,
  checkReferences,
  checkGroupNesting,
  checkSimilarNames,
  checkEmailSpellings,
  checkTokenIds,
  checkDateOrder,
  checkIgnoredPeople,
  checkIgnoredResources,
  checkExcept,
  checkEnds,
  checkUnlisted,
  checkNever,
  checkUnused,
  checkListedTwice,
  checkExceptUndone,
  checkUntilOnProtected,
  checkEndsInAdditive,
  checkOutsideManage,
];

/** `paused` ends the file, so that a file that is cut off somewhere is invalid, wherever that is. */
export function checkPausedLast({ root }: PolicyDraft): readonly Problem[] {
  const paused = root.entries.find(({ key }) => key === 'paused');
  const last = root.entries.at(-1);
  if (!paused || !last || paused === last) return [];
  const message = `\`paused\` must be the last key of the file, and \`${last.key}\` follows it`;
  return [
    errorAt(paused.keyAt, 'paused-not-last', message, 'move the line to the end: a file that is cut off then lacks it'),
  ];
}

/** Unlisted principals lose access only where grantd may take access away at all. */
export function checkUnlisted({ policy }: PolicyDraft): readonly Problem[] {
  const { answer, at } = policy.unlisted;
  if (answer !== 'revoke' || policy.mode === 'authoritative') return [];
  const message = `\`unlisted: revoke\` needs mode authoritative; mode ${policy.mode} takes nothing away`;
  return [errorAt(at, 'revoke-needs-authoritative', message, 'write `unlisted: keep`, or change the mode')];
}
