import { levelName } from '../../core/domain/account/access-level.ts';
import { agreedParts } from '../../core/domain/plan/agreed-parts.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { AgreedPlan } from '../../core/domain/run/run-result.ts';
import { visibleText } from '../../core/domain/text/text.ts';

/** What differs between the plan that was agreed to and the one that was found instead. */
export function staleDifferences(agreed: AgreedPlan, plan: Plan): readonly string[] {
  const found = new Set(agreedParts(plan.changes, plan.held));
  const known = new Set(agreed.parts);
  const gone = agreed.parts.filter((part) => !found.has(part));
  const fresh = [...found].filter((part) => !known.has(part));
  const lines = [
    ...gone.map((part) => `agreed to, and not planned now: ${partText(part)}`),
    ...fresh.map((part) => `planned now, and not agreed to: ${partText(part)}`),
  ];
  if (lines.length > 0) return lines;
  if (agreed.digest !== plan.digest) return [`the digest was ${agreed.digest}, and is ${plan.digest} now`];
  return ['the same changes in another order'];
}

/** What to do about it. An approval that was given with the plan may let pass what the plan showed as held or waiting. */
export function staleHelp({ approvedByHand }: AgreedPlan, { approved }: Plan): string {
  const hasMore = approvedByHand.length === 0 && approved.some(({ by }) => by.kind === 'by-hand');
  return hasMore
    ? '--approve lets more pass than its own part: approve every part that is meant, or list the digests under `approvals`, plan again, and agree to what that shows'
    : 'plan again, and agree to what it shows';
}

/** Parts are JSON that `agreedParts` made. */
function partText(part: string): string {
  const value: PartJson = JSON.parse(part);
  if (!('digest' in value)) return changeText(value);
  return `held by ${value.rules.join(', ')} (${value.digest}): ${value.changes.map(changeText).join('; ')}`;
}

function changeText([kind, who, , type, id, before, after]: ChangePart): string {
  return visibleText(`${kind} ${who} ${type}:#${id} ${levelName(before)} → ${levelName(after)}`);
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
