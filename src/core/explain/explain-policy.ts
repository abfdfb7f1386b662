import { principalNameText } from '../domain/account/principal.ts';
import type { Explanation, NameStatus } from '../domain/answer/explanation.ts';
import type { ResolvedPolicy } from '../domain/policy/entitlement.ts';
import { entryListing } from '../domain/policy/listed-people.ts';
import type { End } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { explainedGrants, type GrantQuestion } from './explained-grants.ts';

/** Explains a name by the policy alone: its grants, with their resources as written, without an account. */
export function explainPolicy(resolved: ResolvedPolicy, question: GrantQuestion): Explanation {
  const { policy } = resolved;
  const { name, asked, now } = question;
  const text = principalNameText(name);
  const end = policy.ends.find((one) => 'email' in name && one.email === name.email) ?? null;
  const ignoredBy = entryListing(policy.ignore, name);
  return {
    account: policy.account,
    now,
    name,
    asked: asked?.text ?? null,
    status: statusOf(resolved, end, { name, asked: null, now }),
    isProtected: policy.protected.some((one) => principalNameText(one) === text),
    ignoredBy: ignoredBy?.at ?? null,
    observedBy: ignoredBy === null ? (entryListing(policy.observe, name)?.at ?? null) : null,
    ends: end && { end: end.end, at: end.at },
    grants: explainedGrants(resolved, question),
    accesses: null,
    isFound: true,
  };
}

/** A name is `named` if it is in a grant that has begun, ended or not, or in an `ends` that has passed. */
function statusOf(resolved: ResolvedPolicy, end: End | null, everything: GrantQuestion): NameStatus {
  const phases = explainedGrants(resolved, everything).map((grant) => grant.phase);
  if (hasCome(end, everything.now) || phases.includes('running') || phases.includes('ended')) return 'named';
  return phases.includes('ahead') ? 'upcoming' : 'not-in-policy';
}

function hasCome(end: End | null, now: Instant): boolean {
  return end !== null && end.end.at <= now;
}
