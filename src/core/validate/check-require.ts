import { toAccessLevel } from '../domain/account/access-level.ts';
import { type PrincipalName, writtenName } from '../domain/account/principal.ts';
import { fillsPattern } from '../domain/policy/name-pattern.ts';
import type { Grant, GrantedResource, Policy, Requirement } from '../domain/policy/policy.ts';
import { covers, coversCertainly } from '../domain/policy/ref-cover.ts';
import type { Instant } from '../domain/text/instant.ts';
import { errorAt, lineFrom, type Problem } from '../domain/text/problem.ts';
import { namedBy } from './check-never.ts';
import { type LatestFinder, latestOf, resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Reports each grant that a requirement fits and that does not bring what it asks for. The text decides, whatever the account shows. */
export function* checkRequire({ policy }: PolicyDraft): Iterable<Problem> {
  const roles = rolesByName(policy.roles);
  const ends = new Map(policy.ends.map(({ email, end }) => [email, end.at]));
  for (const rule of policy.require) {
    const latest = latestOf(policy.groups, rule.who === null ? () => true : namedBy(rule.who, policy), ends);
    const isMeant = meantBy(rule);
    for (const grant of policy.grants) {
      const given = isMeant(resourcesOf(grant, roles)).find((one) => !isDropped(one, grant));
      if (given) yield* unmet({ rule, grant, given, latest }, policy);
    }
  }
}

/** A grant that a requirement fits if it reaches someone whom that names. */
interface Fitting {
  readonly rule: Requirement;
  readonly grant: Grant;
  readonly given: GrantedResource;
  readonly latest: LatestFinder;
}

/** The resources of a list that a requirement is about. A role is looked through once, not for each grant. */
function meantBy(rule: Requirement): (resources: readonly GrantedResource[]) => readonly GrantedResource[] {
  const known = new Map<readonly GrantedResource[], readonly GrantedResource[]>();
  return (resources) => {
    const before = known.get(resources);
    if (before) return before;
    const found = resources.filter((one) => isAbout(one, rule));
    known.set(resources, found);
    return found;
  };
}

/** Whether it gives the level on, above or below the resource. A name may be that of any id. */
function isAbout({ resource, level }: GrantedResource, rule: Requirement): boolean {
  if (toAccessLevel(level) < toAccessLevel(rule.level)) return false;
  if (rule.resource === null) return true;
  const [given, meant] = [resource.selector, rule.resource.selector];
  return covers(given, meant) !== 'never' || covers(meant, given) !== 'never';
}

function isDropped({ resource }: GrantedResource, { except }: Grant): boolean {
  return except.some(({ selector }) => coversCertainly(selector, resource.selector));
}

function* unmet({ rule, grant, given, latest }: Fitting, policy: Policy): Iterable<Problem> {
  const found = latest(grant.to);
  if (found === null) return;
  const { reason, maxDays } = rule;
  if (reason !== null && !fillsPattern(reason, grant.reason ?? '')) {
    const has = grant.reason === null ? 'it has none' : `its reason is "${grant.reason}"`;
    yield problem(
      { rule, grant, given },
      found.name,
      `a \`reason\` like "${reason.text}", and ${has}`,
      'write the reason',
    );
  }
  const wrong = maxDays === null ? null : tooLong(grant, found, maxDays);
  if (wrong !== null)
    yield problem({ rule, grant, given }, found.name, `${maxDays} days at most, and ${wrong}`, endRemedy(policy));
}

/** Why a grant may last too long, for the member for whom it lasts longest. Null if it does not. */
function tooLong({ from, until }: Grant, { end }: { readonly end: Instant }, maxDays: number): string | null {
  if (from === null) return 'it has no `from`, so nobody knows since when it counts';
  const last = Math.min(until?.at ?? Number.POSITIVE_INFINITY, end);
  if (last === Number.POSITIVE_INFINITY) return 'it has no `until`';
  const days = Math.ceil((last - from.at) / DAY_MS);
  return last - from.at > maxDays * DAY_MS ? `it lasts ${days}` : null;
}

function endRemedy({ ends }: Policy): string {
  const example = ends.length > 0 ? ', or an earlier `ends` of the person' : '';
  return `write \`from\` and \`until\`${example}`;
}

function problem(
  { rule, grant, given }: Omit<Fitting, 'latest'>,
  who: PrincipalName,
  asked: string,
  remedy: string,
): Problem {
  const what = `this grant gives ${writtenName(who)} ${given.level} on ${given.resource.text}`;
  const message = `${what}; \`require\` (${lineFrom(grant.at, rule.at)}: ${rule.text}) asks for ${asked}`;
  return errorAt(grant.at, 'requirement-unmet', message, remedy);
}
