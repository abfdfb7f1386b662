import type { GrantLevel } from '../domain/account/access-level.ts';
import {
  datedPhase,
  type Entitlement,
  findMember,
  type GrantMember,
  type NamedPlace,
} from '../domain/policy/entitlement.ts';
import type { PolicyTest } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type Place, placeText } from '../domain/text/problem.ts';

/** The result of one test of a policy. */
export interface PolicyTestResult {
  readonly test: PolicyTest;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** Why it failed or is undecided. Null if it passed. */
  readonly reason: string | null;
  /** The grants that give, or may give, access there. */
  readonly because: readonly Place[];
}

/** One grant's part in a test: the level that it gives, the path to the principal, and whether that is certain. */
export interface Share {
  readonly grant: Place;
  readonly groups: readonly NamedPlace[];
  readonly role: NamedPlace | null;
  readonly level: GrantLevel;
  readonly isCertain: boolean;
}

/** The most grants that a reason names. */
const NAMED_MOST = 10;

/**
 * The member of a grant that a test is about, if the grant runs for them at that moment; otherwise undefined. A test of a team's file
 * is about grants of that file.
 */
export function runningHolder(
  entitlement: Entitlement,
  { who, team }: PolicyTest,
  moment: Instant,
): GrantMember | undefined {
  if (team !== null && entitlement.team !== team) return undefined;
  const holder = findMember(entitlement, who);
  return holder && datedPhase(entitlement, holder, moment).phase === 'running' ? holder : undefined;
}

/** `because of policy.yaml:51:5 (group qa → role tester), policy.yaml:57:5`. */
export function becauseText(shares: readonly Share[]): string {
  if (shares.length === 0) return 'no grant gives access there';
  const ways = [...new Set(shares.map(wayText))];
  return `because of ${listText(ways)}`;
}

/** The grants of some shares, each once. */
export function grantsOf(shares: readonly Share[]): readonly Place[] {
  return [...new Map(shares.map(({ grant }) => [placeText(grant), grant])).values()];
}

/** The place of a grant, with the groups and the role on the path. */
export function wayText({ grant, groups, role }: Pick<Share, 'grant' | 'groups' | 'role'>): string {
  const steps = [...groups.map(({ name }) => `group ${name}`), ...(role ? [`role ${role.name}`] : [])];
  return `${placeText(grant)}${steps.length === 0 ? '' : ` (${steps.join(' → ')})`}`;
}

/** The first items of a list, and how many more there are. */
export function listText(items: readonly string[]): string {
  const more = items.length - NAMED_MOST;
  return `${items.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
