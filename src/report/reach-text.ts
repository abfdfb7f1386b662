import { levelName } from '../domain/access-level.ts';
import type { Reach, Reason } from '../domain/explanation.ts';
import type { PlanResource } from '../domain/plan.ts';
import { resourceKey } from '../domain/resource.ts';
import { visibleText } from '../domain/text.ts';
import { endedText, grantText, lineText } from './phrase.ts';

/** A level, the row above that gives it where it is not the resource's own, and what the account's row may add. */
export function reachText({ level, by, perhaps }: Reach, resource: PlanResource): string {
  const above = by === null || isSameResource(by, resource) ? '' : ` from ${visibleText(by.label)}`;
  const more = perhaps === null ? '' : `, perhaps ${levelName(perhaps.level)} from ${visibleText(perhaps.by.label)}`;
  return `${levelName(level)}${above}${more}`;
}

/** The lines of the policy behind a level, one line each: `admin because group qa → role tester (policy.yaml:31)`. */
export function reasonLines(reasons: readonly Reason[], resource: PlanResource): readonly string[] {
  return reasons.map((reason) => reasonLine(reason, resource));
}

function reasonLine({ cause, on, covers }: Reason, resource: PlanResource): string {
  if (cause.kind === 'offboarded') return `offboarded by \`ends\` (${lineText(cause.at)})`;
  const perhaps = covers === 'certain' ? '' : 'perhaps ';
  const level = `${perhaps}${cause.level}${isSameResource(on, resource) ? '' : ` on ${visibleText(on.label)}`}`;
  return cause.kind === 'grant'
    ? `${level} because ${grantText(cause, on.label)}`
    : `was ${level}, ${endedText(cause)}: ${grantText(cause, on.label)}`;
}

export function isSameResource(a: PlanResource, b: PlanResource): boolean {
  return resourceKey(a) === resourceKey(b);
}
