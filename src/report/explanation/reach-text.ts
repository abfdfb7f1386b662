import { levelName } from '../../core/domain/account/access-level.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Reach, Reason } from '../../core/domain/answer/explanation.ts';
import type { PlanResource } from '../../core/domain/plan/plan.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { endedText, grantText, lineText } from '../words/phrase.ts';

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
