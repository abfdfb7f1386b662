import type { ExplainedResource, NameStatus, RowDisposition } from '../../core/domain/answer/explanation.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { UNMANAGEABLE_KINDS } from '../plan/text-lists.ts';
import { levelsText, whyLines } from '../words/phrase.ts';
import { DEFERRED_REASONS, UNMANAGEABLE_REASONS } from '../words/reason-words.ts';
import { isSameResource } from './reach-text.ts';

/** What the plan says of one resource: of its own row in full, of rows above it in a line each. */
export function dispositionLines(
  { resource, dispositions, entitled, actual }: ExplainedResource,
  status: NameStatus,
): readonly string[] {
  if (dispositions.length > 0)
    return dispositions.flatMap((disposition) =>
      isSameResource(disposition.on, resource) ? dispositionText(disposition) : dispositionHead(disposition, resource),
    );
  if (entitled.level === actual.level) return [];
  return [status === 'named' ? 'differs, and nothing is planned for it' : 'left alone: nothing names them now'];
}

/** What the plan says of one resource, in a line for each row that is concerned. */
export function dispositionHeads({
  resource,
  dispositions,
}: Pick<ExplainedResource, 'resource' | 'dispositions'>): readonly string[] {
  return dispositions.flatMap((disposition) => dispositionHead(disposition, resource));
}

function dispositionHead(disposition: RowDisposition, resource: ExplainedResource['resource']): readonly string[] {
  const above = isSameResource(disposition.on, resource) ? '' : `above, on ${visibleText(disposition.on.label)}: `;
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
    case 'held': {
      const { part, change } = disposition;
      const actual = `held by ${part.rules.join(', ')}: ${change.kind}, ${levelsText(change)}`;
      return [actual, ...unlistedLines(change), `  ${part.digest}`];
    }
    case 'deferred': {
      const { change, reason, waitsFor } = disposition.deferred;
      const { cause, remedy } = DEFERRED_REASONS[reason];
      const waits = `deferred: ${change.kind}, ${levelsText(change)}, waits for ${visibleText(waitsFor)} [${reason}]`;
      return [waits, ...unlistedLines(change), `  ${cause}`, `  help: ${remedy}`];
    }
    case 'unmanageable': {
      const { kind, reason } = disposition.row;
      const { cause, remedy } = UNMANAGEABLE_REASONS[reason];
      return [`unmanageable, ${UNMANAGEABLE_KINDS[kind]} [${reason}]`, `  ${cause}`, `  help: ${remedy}`];
    }
    case 'redundant':
      return ['redundant: its own row gives nothing beyond the policy'];
  }
}

/** Why an unlisted principal loses it. Grants and ends are told as the reasons of the resource; this is the only one that none of them gives. */
function unlistedLines({ why, resource }: Change): readonly string[] {
  const causes = why.filter(({ kind }) => kind === 'unlisted');
  return whyLines(causes, 'loss', resource.label).map((line) => `  ${line}`);
}
