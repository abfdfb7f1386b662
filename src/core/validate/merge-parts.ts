import type { Policy } from '../domain/policy/policy.ts';
import type { NamedSection, WrittenEmail } from './policy-reader.ts';
import type { IncludedKind } from './read-include.ts';
import type { PolicyPart } from './read-part.ts';
import type { PolicyDraft } from './read-policy.ts';

/** An included file as far as it is readable, with what the checks of the whole policy need of it. */
export interface IncludedFile {
  readonly kind: IncludedKind;
  readonly part: PolicyPart;
  readonly unreadable: ReadonlySet<NamedSection>;
  readonly emails: readonly WrittenEmail[];
  /** False if some part of it is unreadable. */
  readonly isWhole: boolean;
}

/**
 * A policy with what its files add, in the order of `include`: behind what the root file says itself. A file that is null could
 * not be read, so nobody knows which names it declares.
 */
export function mergeParts(draft: PolicyDraft, files: readonly (IncludedFile | null)[]): PolicyDraft {
  if (files.length === 0) return draft;
  const read = files.filter((file) => file !== null);
  const isMissing = read.length < files.length;
  const added = <T>(key: (part: IncludedFile['part']) => readonly T[]) => read.flatMap(({ part }) => key(part));
  const { policy } = draft;
  const merged: Policy = {
    ...policy,
    teams: read.flatMap(({ part: { team } }) => team ?? []),
    groups: [...policy.groups, ...added(({ groups }) => groups)],
    roles: [...policy.roles, ...added(({ roles }) => roles)],
    grants: [...policy.grants, ...added(({ grants }) => grants)],
    tests: [...policy.tests, ...added(({ tests }) => tests)],
    approvals: [...policy.approvals, ...added(({ approvals }) => approvals)],
  };
  return {
    ...draft,
    policy: merged,
    unreadable: new Set([
      ...draft.unreadable,
      ...read.flatMap(({ unreadable }) => [...unreadable]),
      ...(isMissing ? (['groups', 'roles'] as const) : []),
    ]),
    emails: [...draft.emails, ...read.flatMap(({ emails }) => emails)],
    references: [...draft.references, ...added(({ references }) => references)],
    isWhole: draft.isWhole && !isMissing && read.every(({ isWhole }) => isWhole),
    sharedFiles: new Set(read.flatMap(({ kind, part }) => (kind === 'shared' ? [part.file] : []))),
  };
}
