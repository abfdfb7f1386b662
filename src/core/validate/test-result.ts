import type { GrantLevel } from '../domain/account/access-level.ts';
import { principalNameText } from '../domain/account/principal.ts';
import { datedPhase, type Entitlement, type GrantMember, type NamedPlace } from '../domain/policy/entitlement.ts';
import type { PolicyTest } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type Place, placeText } from '../domain/text/problem.ts';

/** How one test of a policy ended. */
export interface PolicyTestResult {
  readonly test: PolicyTest;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** Why it failed or cannot be decided; null where it passed. */
  readonly reason: string | null;
  /** The grants that give, or may give, something there. */
  readonly because: readonly Place[];
}

/** One grant's part in a test: what it gives at most, by which way, and whether that is certain. */
export interface Share {
  readonly grant: Place;
  readonly groups: readonly NamedPlace[];
  readonly role: NamedPlace | null;
  readonly level: GrantLevel;
  readonly isCertain: boolean;
}

/** How many grants a reason names. */
const NAMED_MOST = 10;

/** As whom a grant that runs at the moment of a test reaches the one who is tested; undefined where it does not. */
export function runningHolder(entitlement: Entitlement, { who }: PolicyTest, moment: Instant): GrantMember | undefined {
  const text = principalNameText(who);
  return entitlement.holders.find(
    (holder) => principalNameText(holder.name) === text && datedPhase(entitlement, holder, moment).phase === 'running',
  );
}

/** `because of policy.yaml:51:5 (group qa → role tester), policy.yaml:57:5`. */
export function becauseText(shares: readonly Share[]): string {
  if (shares.length === 0) return 'no grant gives anything there';
  const ways = [...new Set(shares.map(wayText))];
  return `because of ${listText(ways)}`;
}

/** The grants behind some shares, each once. */
export function grantsOf(shares: readonly Share[]): readonly Place[] {
  return [...new Map(shares.map(({ grant }) => [placeText(grant), grant])).values()];
}

/** Where a grant stands, and the groups and the role that it goes through. */
export function wayText({ grant, groups, role }: Pick<Share, 'grant' | 'groups' | 'role'>): string {
  const steps = [...groups.map(({ name }) => `group ${name}`), ...(role ? [`role ${role.name}`] : [])];
  return `${placeText(grant)}${steps.length === 0 ? '' : ` (${steps.join(' → ')})`}`;
}

/** The first of a list, and how many more there are. */
export function listText(items: readonly string[]): string {
  const more = items.length - NAMED_MOST;
  return `${items.slice(0, NAMED_MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
