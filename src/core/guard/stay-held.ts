import { resourceKey } from '../domain/account/resource.ts';
import { isRaised, type LimitRule, limitNumbers } from '../domain/plan/limit-rules.ts';
import type { Change, Refusal } from '../domain/plan/plan.ts';
import { listPrincipals, namesOf, type PooledInput } from './guard-input.ts';
import type { LimitCheck } from './limit-pools.ts';

/** Which changes a rule counts. */
type Counting = (judged: PooledInput) => (change: Change) => boolean;

/**
 * A limit that also holds what must stay held (`StayingPart`), however few that is: otherwise each run after an approval would
 * let one more of the rest pass. If a row of such a part is planned, everything stays that the rule counts for that access.
 */
export function withStaying(rule: LimitRule, check: LimitCheck, counting: Counting): LimitCheck {
  return (judged, changes) => {
    const finding = check(judged, changes);
    const staying = stayingChanges(rule, judged, changes, counting);
    if (staying.length === 0) return finding;
    const held = [...new Set([...(finding?.held ?? []), ...staying])];
    return { refusal: finding?.refusal ?? stayingRefusal(rule, staying), held };
  };
}

function stayingChanges(
  rule: LimitRule,
  judged: PooledInput,
  changes: readonly Change[],
  counting: Counting,
): readonly Change[] {
  const { restraints, resolved, approved } = judged;
  const now = limitNumbers(rule, resolved.policy.limits);
  const parts = restraints.staying.filter((part) => part.rule === rule && !isRaised(part.limit, now));
  if (parts.length === 0) return [];
  const rowsOf = new Map(parts.map(({ access, rows }) => [access, new Set(rows.map(resourceKey))]));
  const isCounted = counting(judged);
  const free = changes.filter((change) => rowsOf.has(change.access) && !approved.has(change) && isCounted(change));
  const still = new Set(
    free.filter((change) => isRowOf(rowsOf.get(change.access), change)).map(({ access }) => access),
  );
  return free.filter(({ access }) => still.has(access));
}

function isRowOf(rows: ReadonlySet<string> | undefined, { resource }: Change): boolean {
  return rows !== undefined && (rows.size === 0 || rows.has(resourceKey(resource)));
}

/** What happens to the principals that a rule counts, and the key of its limit. */
const WORDS: Readonly<Record<LimitRule, readonly [happens: string, key: string]>> = {
  'revoke-limit': ['lose access', 'limits.revokes'],
  'gain-limit': ['gain access', 'limits.gains'],
  'admin-limit': ['newly become account admin', 'limits.newAdmins'],
};

function stayingRefusal(rule: LimitRule, staying: readonly Change[]): Refusal {
  const [happens, key] = WORDS[rule];
  return {
    rule,
    message: `${namesOf(staying).length} would ${happens}: ${listPrincipals(staying)}. An approval let others pass whom this limit held with them, so these stay held in every run`,
    remedy: `approve the parts that you intend, or raise \`${key}\` in a reviewed change of the policy`,
  };
}
