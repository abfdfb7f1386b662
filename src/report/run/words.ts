import { levelName } from '../../core/domain/account/access-level.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import { agreedParts } from '../../core/domain/plan/agreed-parts.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { AgreedPlan, ChangeOutcome, Outcome } from '../../core/domain/run/run-result.ts';
import { visibleText } from '../../core/domain/text/text.ts';

/** How a report says that a change ended: `unconfirmed` if only a read could show it, and no read showed the row. */
export type SeenOutcome = Outcome | 'unconfirmed';

/** The outcome to report: `unconfirmed` if it depends on a read after the write and there was none. */
export function seenOutcome(outcome: ChangeOutcome): SeenOutcome {
  return isByReading(outcome) && outcome.found === null ? 'unconfirmed' : outcome.outcome;
}

/** Whether the outcome says what the account showed, as opposed to how the request ended. */
export function isByReading({ outcome }: ChangeOutcome): boolean {
  return outcome === 'did-not-stick' || outcome === 'changed-by-someone-else';
}

/** The differences between the plan that someone agreed to and the plan that grantd made instead, one line each. */
export function staleDifferences(agreed: AgreedPlan, plan: Plan): readonly string[] {
  const found = new Set(agreedParts(plan.changes, plan.held));
  const known = new Set(agreed.parts);
  const gone = agreed.parts.filter((part) => !found.has(part));
  const fresh = [...found].filter((part) => !known.has(part));
  const labels = new Map([...(agreed.saved?.labels ?? []), ...labelsOf(plan)]);
  const lines = [
    ...gone.map((part) => `no longer planned: ${partText(part, labels)}`),
    ...fresh.map((part) => `newly planned: ${partText(part, labels)}`),
  ];
  if (lines.length > 0) return lines;
  const others = agreed.differences?.(plan) ?? [];
  if (others.length > 0) return others;
  if (agreed.digest !== plan.digest) return [`the digest was ${agreed.digest} and is now ${plan.digest}`];
  return ['the changes are the same, in another order'];
}

/** What to do about a stale plan. An approval on the command line may let pass what the agreed plan showed as held or deferred. */
export function staleHelp({ approvedByHand }: AgreedPlan, { approved }: Plan): string {
  const hasMore = approvedByHand.length === 0 && approved.some(({ by }) => by.kind === 'by-hand');
  return hasMore
    ? '--approve lets more pass than its own part: approve every part that you mean, or list the digests under `approvals`, plan again, and agree to the new plan'
    : 'plan again, and agree to the new plan';
}

/** The label of every resource that the plan changes, by `type:#id`. */
function labelsOf({ changes, held }: Plan): ReadonlyMap<string, string> {
  const all = [...changes, ...held.flatMap((part) => part.changes)];
  return new Map(all.map(({ resource }) => [resourceKey(resource), resource.label]));
}

/** A part in words. Parts are JSON that `agreedParts` made; they have no labels. */
function partText(part: string, labels: ReadonlyMap<string, string>): string {
  const value: PartJson = JSON.parse(part);
  const textOf = (change: ChangePart) => changeText(change, labels);
  if (!('digest' in value)) return textOf(value);
  return `held by ${value.rules.join(', ')} (${value.digest}): ${value.changes.map(textOf).join('; ')}`;
}

/** A label that contains the id stands alone, as `inbox:#5 (a/b)`. */
function changeText([kind, who, , type, id, before, after]: ChangePart, labels: ReadonlyMap<string, string>): string {
  const key = `${type}:#${id}`;
  const label = labels.get(key) ?? key;
  const name = label.startsWith(key) ? label : `${label} (#${id})`;
  return visibleText(`${kind} ${who} ${name} ${levelName(before)} → ${levelName(after)}`);
}

type ChangePart = readonly [
  kind: string,
  who: string,
  access: number,
  type: string,
  id: number,
  before: number,
  after: number,
];

type PartJson =
  | ChangePart
  | { readonly digest: string; readonly rules: readonly string[]; readonly changes: readonly ChangePart[] };
