import type { ExplainedResource, NameStanding, RowFate } from '../../core/domain/answer/explanation.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { UNMANAGEABLE_KINDS } from '../plan/text-lists.ts';
import { levelsText, whyLines } from '../words/phrase.ts';
import { UNMANAGEABLE_REASONS, WITHHELD_REASONS } from '../words/reason-words.ts';
import { isSameResource } from './reach-text.ts';

/** What the plan says of one resource: of its own row in full, of rows above it in a line each. */
export function fateLines(
  { resource, fates, wished, actual }: ExplainedResource,
  standing: NameStanding,
): readonly string[] {
  if (fates.length > 0)
    return fates.flatMap((fate) => (isSameResource(fate.on, resource) ? fateText(fate) : fateHead(fate, resource)));
  if (wished.level === actual.level) return [];
  return [standing === 'named' ? 'differs, and nothing is planned for it' : 'left alone: nothing names them now'];
}

/** What the plan says of one resource, in a line for each row that is concerned. */
export function fateHeads({ resource, fates }: Pick<ExplainedResource, 'resource' | 'fates'>): readonly string[] {
  return fates.flatMap((fate) => fateHead(fate, resource));
}

function fateHead(fate: RowFate, resource: ExplainedResource['resource']): readonly string[] {
  const above = isSameResource(fate.on, resource) ? '' : `above, on ${visibleText(fate.on.label)}: `;
  return fateText(fate)
    .slice(0, 1)
    .map((line) => `${above}${line}`);
}

function fateText(fate: RowFate): readonly string[] {
  switch (fate.kind) {
    case 'planned':
      return [`planned: ${fate.change.kind}, ${levelsText(fate.change)}`, ...strangerLines(fate.change)];
    case 'held': {
      const { part, change } = fate;
      const holds = `held by ${part.rules.join(', ')}: ${change.kind}, ${levelsText(change)}`;
      return [holds, ...strangerLines(change), `  ${part.digest}`];
    }
    case 'withheld': {
      const { change, reason, waitsFor } = fate.withheld;
      const { cause, remedy } = WITHHELD_REASONS[reason];
      const waits = `withheld: ${change.kind}, ${levelsText(change)}, waits for ${visibleText(waitsFor)} [${reason}]`;
      return [waits, ...strangerLines(change), `  ${cause}`, `  help: ${remedy}`];
    }
    case 'unmanageable': {
      const { kind, reason } = fate.row;
      const { cause, remedy } = UNMANAGEABLE_REASONS[reason];
      return [`unmanageable, ${UNMANAGEABLE_KINDS[kind]} [${reason}]`, `  ${cause}`, `  help: ${remedy}`];
    }
    case 'redundant':
      return ['redundant: its own row gives nothing beyond the policy'];
  }
}

/** Why a stranger loses it. Grants and ends are told as the reasons of the resource; this is the only one that none of them gives. */
function strangerLines({ why, resource }: Change): readonly string[] {
  const causes = why.filter(({ kind }) => kind === 'stranger');
  return whyLines(causes, 'loss', resource.label).map((line) => `  ${line}`);
}
