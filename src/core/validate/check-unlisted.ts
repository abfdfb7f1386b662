import { entryOf, valueAt } from '../document/document-node.ts';
import { nearest } from '../document/suggest.ts';
import { MODES, type Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { errorAt, type Place, type Problem, warningAt } from '../domain/text/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** Reports a policy that does not say what happens to unlisted people, and a `revoke` in the mode that removes no access. */
export function checkUnlisted({ policy, root }: PolicyDraft): readonly Problem[] {
  const { mode, unlisted } = policy;
  const said = valueAt(root, 'mode');
  const isModeKnown = said?.kind === 'scalar' && MODES.some((word) => word === said.value);
  if (!said || !isModeKnown) return [];
  if (mode === 'additive') return unlisted.revoke === 'nobody' ? [] : [revokeInAdditive(unlisted.at)];
  if (entryOf(root, 'unlisted') || root.entries.some(({ key }) => nearest(key, ['unlisted']) !== null)) return [];
  const message = `mode ${mode} needs \`unlisted\`: what happens to people who have access and whom no grant names`;
  const remedy =
    'write `unlisted: revoke` to take their access, `unlisted: keep` to leave it, or ' +
    '`unlisted: { revoke: ["*@example.com"] }` to take it from those whose e-mail fits';
  return [errorAt(said.at, 'unlisted-missing', message, remedy)];
}

function revokeInAdditive(at: Place): Problem {
  const message = '`unlisted: revoke` needs mode authoritative; mode additive removes no access';
  return errorAt(at, 'revoke-needs-authoritative', message, 'write `unlisted: keep`, or change the mode');
}

/** Warns about a valid policy without any grant. */
export function warnOfNoGrants({ policy, root }: PolicyDraft): readonly Problem[] {
  return policy.grants.length === 0 ? takesNothing(policy, valueAt(root, 'grants')?.at) : [];
}

/** Warns about a valid policy all of whose grants begin later. A text alone cannot show it, so `validatePolicy` does not. */
export function warnOfLaterGrants(policy: Policy, now: Instant): readonly Problem[] {
  const { grants } = policy;
  const isLater = grants.length > 0 && grants.every(({ from }) => from !== null && from.at > now);
  return isLater ? takesNothing(policy, grants[0]?.at) : [];
}

function takesNothing({ mode, unlisted }: Policy, at: Place = unlisted.at): readonly Problem[] {
  if (mode !== 'authoritative') return [];
  const taken =
    unlisted.revoke === 'nobody'
      ? 'takes nothing'
      : 'takes nothing: the guard empty-policy holds every loss by `unlisted` and `ends`';
  const message = `no grant has begun, so grantd gives nothing and ${taken}. Everyone keeps what they have`;
  return [warningAt(at, 'takes-nothing', message, 'add a grant that has begun, or restore those that were deleted')];
}
