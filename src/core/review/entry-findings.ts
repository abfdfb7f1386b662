import { toAccessLevel } from '../domain/account/access-level.ts';
import { resourceKey } from '../domain/account/resource.ts';
import type { ResourceTree } from '../domain/account/resource-tree.ts';
import type { EntryFinding, HolderMark } from '../domain/answer/access-review.ts';
import type { ExplainedResource, RowDisposition } from '../domain/answer/explanation.ts';

/** What stands out of one line, in the order of `ENTRY_FINDINGS`. */
export function findingsOf(
  entry: ExplainedResource,
  marks: readonly HolderMark[],
  tree: ResourceTree,
): readonly EntryFinding[] {
  const { actual, entitled, reasons, resource, dispositions } = entry;
  const own = dispositions.filter(({ on }) => resourceKey(on) === resourceKey(resource));
  const has = (kind: RowDisposition['kind']) => own.some((disposition) => disposition.kind === kind);
  const isMore = actual.level > entitled.level;
  const gaveIt = reasons.some(
    ({ cause, covers }) =>
      cause.kind === 'ended' && covers === 'certain' && toAccessLevel(cause.level) > entitled.level,
  );
  const findings: readonly (readonly [EntryFinding, boolean])[] = [
    ['not-granted', isMore && !isBeyondPolicies(marks)],
    ['not-held', actual.level < entitled.level && !marks.includes('unreadable')],
    ['ended-still-held', isMore && gaveIt],
    ['redundant', has('redundant')],
    ['unmanageable', has('unmanageable')],
    ['waiting', has('deferred')],
    ['held-by-guard', has('held')],
    // An organization lies above the account, so no tree shows it.
    ['not-shown', resource.type !== 'organization' && tree.find(resource) === undefined],
    ['perhaps-more', actual.perhaps !== null],
  ];
  return findings.filter(([, applies]) => applies).map(([finding]) => finding);
}

/** No grant can give what an owner has, nor change grantd's own token: they are marked, and no drift. */
function isBeyondPolicies(marks: readonly HolderMark[]): boolean {
  return marks.includes('owner') || marks.includes('own-token');
}
