import { emailKey } from '../domain/account/email.ts';
import { principalText } from '../domain/account/principal.ts';
import { endsAccountAdmin } from '../domain/plan/batch.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { Notice } from '../domain/plan/notice.ts';
import type { Change } from '../domain/plan/plan.ts';
import type { UnlistedRule } from '../domain/policy/policy.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import type { SubjectDifference } from './diff-subject.ts';

/**
 * A notice for each account admin who loses that only because grants name them with less. Without their name in any grant they
 * would keep it, and who wrote the grant may have meant to give something, not to take something.
 */
export function namedWithLessNotices(named: readonly SubjectDifference[], unlisted: UnlistedRule): readonly Notice[] {
  return named.flatMap(({ subject, changes }) =>
    isLeftAloneUnnamed(subject, unlisted) && changes.some(takesForNaming) ? namedWithLess(subject) : [],
  );
}

/** Nothing ended and no `ends` has come: that the grants give less is the only reason. */
function takesForNaming(change: Change): boolean {
  return endsAccountAdmin(change) && change.why.every(({ kind }) => kind === 'grant' || kind === 'not-granted');
}

function isLeftAloneUnnamed({ access: { principal } }: Subject, unlisted: UnlistedRule): boolean {
  return principal.kind === 'token' || revokedAt(unlisted, emailKey(principal.email)) === null;
}

function namedWithLess({ access: { principal }, running, ended }: Subject): readonly Notice[] {
  const grants = [...new Set([...running, ...ended].map(({ bound }) => bound.entitlement))];
  const gives = grants.flatMap(({ resources }) =>
    resources.map(({ resource, level }) => `${level} on ${resource.text}`),
  );
  const only = grants.length === 1 ? 'only this grant names them' : `only ${grants.length} grants name them`;
  const keeping = principal.kind === 'token' ? '' : ', or list them under `protected`';
  return grants.slice(0, 1).map(({ grant }) => ({
    code: 'named-with-less',
    message: `${principalText(principal)} is account admin, and ${only}, with ${listed(gives)}: a named principal is made exact, so they lose account admin`,
    remedy: `to let them keep it, grant them admin on account${keeping}; to leave all their access alone, remove them from the grant`,
    at: grant,
  }));
}

/** How many of the rows that the grants give are named. */
const GIVES_MOST = 3;

function listed(gives: readonly string[]): string {
  const hidden = gives.length - GIVES_MOST;
  return gives.slice(0, GIVES_MOST).join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
}
