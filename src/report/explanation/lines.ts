import { levelName } from '../../core/domain/account/access-level.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type {
  ExplainedResource,
  NameStatus,
  Reach,
  Reason,
  RowDisposition,
} from '../../core/domain/answer/explanation.ts';
import { DEFERRED_WORDS } from '../../core/domain/plan/deferred-words.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { PlanResource } from '../../core/domain/plan/plan-resource.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { endedText, grantText, levelsText, lineText, whyLines } from '../words/phrase.ts';
import { UNMANAGEABLE_KINDS, UNMANAGEABLE_WORDS } from '../words/reason-words.ts';

/** A level, the row above if one gives it, and what the account's row may add: `viewer from project:Checkout`. */
export function reachText({ level, by, perhaps }: Reach, resource: PlanResource): string {
  const above = by === null || isSameResource(by, resource) ? '' : ` from ${oddVisible(by.label)}`;
  const more = perhaps === null ? '' : `, perhaps ${levelName(perhaps.level)} from ${oddVisible(perhaps.by.label)}`;
  return `${levelName(level)}${above}${more}`;
}

/** The lines of the policy behind a level, one line each: `admin because group qa → role tester (policy.yaml:31)`. */
export function reasonLines(reasons: readonly Reason[], resource: PlanResource): readonly string[] {
  return reasons.map((reason) => reasonLine(reason, resource));
}

function reasonLine({ cause, on, covers }: Reason, resource: PlanResource): string {
  if (cause.kind === 'offboarded') return `offboarded by \`ends\` (${lineText(cause.at)})`;
  const perhaps = covers === 'certain' ? '' : 'perhaps ';
  const level = `${perhaps}${cause.level}${isSameResource(on, resource) ? '' : ` on ${oddVisible(on.label)}`}`;
  return cause.kind === 'grant'
    ? `${level} because ${grantText(cause, on.label)}`
    : `was ${level}, ${endedText(cause)}: ${grantText(cause, on.label)}`;
}

/** Compares by type and id. */
export function isSameResource(a: PlanResource, b: PlanResource): boolean {
  return resourceKey(a) === resourceKey(b);
}

/** What grantd plans for one resource: everything about its own row, and one line for each row above it. */
export function dispositionLines(
  { resource, dispositions, entitled, actual }: ExplainedResource,
  status: NameStatus,
): readonly string[] {
  if (dispositions.length > 0)
    return dispositions.flatMap((disposition) =>
      isSameResource(disposition.on, resource) ? dispositionText(disposition) : dispositionHead(disposition, resource),
    );
  if (entitled.level === actual.level) return [];
  if (actual.by?.type === 'organization' && actual.level > entitled.level) return [ORGANIZATION_WORDS];
  return [status === 'named' ? 'differs, and grantd plans nothing for it' : 'left alone: no grant names them now'];
}

/** What grantd plans for one resource, one line for its own row and for each row above it. */
export function dispositionHeads({
  resource,
  dispositions,
}: Pick<ExplainedResource, 'resource' | 'dispositions'>): readonly string[] {
  return dispositions.flatMap((disposition) => dispositionHead(disposition, resource));
}

const ORGANIZATION_WORDS = 'left alone: this is a role in the organization, which only Mailtrap changes';

function dispositionHead(disposition: RowDisposition, resource: ExplainedResource['resource']): readonly string[] {
  const above = isSameResource(disposition.on, resource) ? '' : `above, on ${oddVisible(disposition.on.label)}: `;
  return dispositionText(disposition)
    .slice(0, 1)
    .map((line) => `${above}${line}`);
}

function dispositionText(disposition: RowDisposition): readonly string[] {
  switch (disposition.kind) {
    case 'planned':
      return [
        `planned: ${disposition.change.kind}, ${levelsText(disposition.change)}`,
        ...unlistedLines(disposition.change),
      ];
    case 'observed':
      return [
        `observed, never written: ${disposition.change.kind}, ${levelsText(disposition.change)}`,
        ...unlistedLines(disposition.change),
      ];
    case 'held': {
      const { part, change } = disposition;
      const actual = `held by ${part.rules.join(', ')}: ${change.kind}, ${levelsText(change)}`;
      return [actual, ...unlistedLines(change), `  ${part.digest}`];
    }
    case 'deferred': {
      const { change, reason, waitsFor } = disposition.deferred;
      const { cause, remedy } = DEFERRED_WORDS[reason];
      const waits = `deferred: ${change.kind}, ${levelsText(change)}, waits for ${visibleText(waitsFor)} [${reason}]`;
      return [waits, ...unlistedLines(change), `  ${cause}`, `  help: ${remedy}`];
    }
    case 'unmanageable': {
      const { kind, reason } = disposition.row;
      const { cause, remedy } = UNMANAGEABLE_WORDS[reason];
      return [`unmanageable, ${UNMANAGEABLE_KINDS[kind]} [${reason}]`, `  ${cause}`, `  help: ${remedy}`];
    }
    case 'redundant':
      return ['redundant: its own row gives nothing beyond the policy'];
    case 'beyond-teams':
      return [`left alone, beyond what ${disposition.files.map(visibleText).join(' and ')} may decide`];
  }
}

/** Why an unlisted principal loses the row. No grant and no `ends` says so, hence the reasons of the resource lack it. */
function unlistedLines({ why, resource }: Change): readonly string[] {
  const causes = why.filter(({ kind }) => kind === 'unlisted');
  return whyLines(causes, 'loss', resource.label).map((line) => `  ${line}`);
}
