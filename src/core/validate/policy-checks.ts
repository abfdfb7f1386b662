import { principalNameText, writtenName } from '../domain/account/principal.ts';
import { errorAt, type Problem, warningAt } from '../domain/text/problem.ts';
import { checkExcept } from './check-except.ts';
import { checkExceptUndone } from './check-except-undone.ts';
import { checkExpanded } from './check-expanded.ts';
import { checkGroupNesting } from './check-groups.ts';
import { checkEmailSpellings, checkListedTwice, checkTokenIds } from './check-identities.ts';
import {
  checkEnds,
  checkIgnoredPeople,
  checkIgnoredResources,
  checkObservesIgnored,
  checkOutsideManage,
} from './check-ignored.ts';
import { checkConfusedNames } from './check-names.ts';
import { checkNever } from './check-never.ts';
import { checkReferences, checkUnused } from './check-references.ts';
import { checkRequire } from './check-require.ts';
import { checkScope } from './check-scope.ts';
import { checkUnlisted } from './check-unlisted.ts';
import { finderOf } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/** A check of something that no single value of the file shows. Its draft may lack parts that are unreadable. */
export type PolicyCheck = (draft: PolicyDraft) => Iterable<Problem>;

/** Every cross-check, in the order of docs/errors.md. None of them needs another one to pass first. */
export const POLICY_CHECKS: readonly PolicyCheck[] = [
  checkPausedLast,
  checkReferences,
  checkGroupNesting,
  checkExpanded,
  checkConfusedNames,
  checkEmailSpellings,
  checkTokenIds,
  checkDateOrder,
  checkIgnoredPeople,
  checkIgnoredResources,
  checkExcept,
  checkEnds,
  checkUnlisted,
  checkScope,
  checkNever,
  checkRequire,
  checkUnused,
  checkListedTwice,
  checkExceptUndone,
  checkUntilOnProtected,
  checkEndsInAdditive,
  checkOutsideManage,
  checkObservesIgnored,
];

/** Reports `paused` before the end of the file. It must be last, so that every truncated file is invalid. */
export function checkPausedLast({ root }: PolicyDraft): readonly Problem[] {
  const paused = root.entries.find(({ key }) => key === 'paused');
  const last = root.entries.at(-1);
  if (!paused || !last || paused === last) return [];
  const message = `\`paused\` must be the last key of the file, and \`${last.key}\` follows it`;
  return [
    errorAt(paused.keyAt, 'paused-not-last', message, 'move the line to the end, so that a truncated file lacks it'),
  ];
}

/** Reports grants that end before they begin. Such a grant gives nothing, and would still name its people. */
export function checkDateOrder({ policy }: PolicyDraft): readonly Problem[] {
  return policy.grants.flatMap(({ from, until, at }) => {
    if (!from || !until || until.at > from.at) return [];
    const message = `this grant ends (until ${until.text}) before it begins (from ${from.text})`;
    return [errorAt(at, 'until-before-from', message, 'correct one of the two dates')];
  });
}

/** Warns about an `until` for someone who is protected. grantd never takes access from them, so it has no effect. */
export function checkUntilOnProtected({ policy }: PolicyDraft): readonly Problem[] {
  const exempt = new Set(policy.protected.map(principalNameText));
  const findProtected = finderOf(policy.groups, (name) => exempt.has(principalNameText(name)));
  return policy.grants.flatMap(({ to, until, at }) => {
    const found = until && findProtected(to);
    if (!found) return [];
    const message = `${writtenName(found)} is protected, so \`until\` removes nothing from them`;
    return [warningAt(at, 'until-on-protected', message, 'delete `until`, or give the protected a separate grant')];
  });
}

/** Warns about `until` and `ends` in mode additive. It removes no access, so they have no effect. */
export function checkEndsInAdditive({ policy }: PolicyDraft): readonly Problem[] {
  if (policy.mode !== 'additive') return [];
  const remedy = 'grantd only lists expired access in this mode; use mode authoritative to remove it';
  return [
    ...policy.grants
      .filter(({ until }) => until !== null)
      .map(({ at }) => warningAt(at, 'ends-in-additive', '`until` removes nothing in mode additive', remedy)),
    ...policy.ends.map(({ at }) =>
      warningAt(at, 'ends-in-additive', '`ends` removes nothing in mode additive', remedy),
    ),
  ];
}
