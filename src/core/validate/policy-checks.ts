import type { Problem } from '../domain/text/problem.ts';
import { checkDateOrder, checkEndsInAdditive, checkUntilOnProtected } from './check-dates.ts';
import { checkExcept } from './check-except.ts';
import { checkExceptUndone } from './check-except-undone.ts';
import { checkGroupNesting } from './check-groups.ts';
import { checkEmailSpellings, checkListedTwice, checkSimilarNames, checkTokenIds } from './check-identities.ts';
import { checkEnds, checkIgnoredPeople, checkIgnoredResources, checkOutsideManage } from './check-ignored.ts';
import { checkPausedLast, checkUnlisted } from './check-language.ts';
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
