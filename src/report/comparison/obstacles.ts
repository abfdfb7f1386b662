import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import type { Obstacles } from '../../core/domain/answer/comparison.ts';
import { UNMANAGEABLE_KINDS } from '../plan/text-lists.ts';
import { levelsText, lineText } from '../words/phrase.ts';
import { DEFERRED_REASONS, UNMANAGEABLE_REASONS } from '../words/reason-words.ts';
import type { ComparisonSection } from './section.ts';

/** What keeps the new policy from what it wants on the account: what a guard would hold, and everything else. */
export function obstacleSections({ refusals, deferred, unmanageable, notices }: Obstacles): {
  readonly refused: ComparisonSection;
  readonly inTheWay: readonly ComparisonSection[];
} {
  return {
    refused: {
      title: 'A guard would hold it',
      subject: 'rule',
      tone: 'warn',
      isOpen: true,
      rows: refusals.map(({ rule, message, remedy }) => ({
        who: rule,
        what: '',
        change: message,
        says: [],
        lines: [`to go on: ${remedy}`],
      })),
    },
    inTheWay: [
      {
        title: 'Deferred: wanted, and waiting',
        subject: 'who',
        tone: 'warn',
        isOpen: false,
        rows: deferred.map(({ change, reason, waitsFor }) => ({
          who: principalText(change.principal),
          what: change.resource.label,
          change: levelsText(change),
          says: [DEFERRED_REASONS[reason].cause, `help: ${DEFERRED_REASONS[reason].remedy}`],
          lines: [`waits for ${waitsFor}`],
        })),
      },
      {
        title: 'Unmanageable: wanted otherwise, and out of reach',
        subject: 'who',
        tone: 'warn',
        isOpen: false,
        rows: unmanageable.map(({ principal, resource, kind, actual, entitled, reason }) => ({
          who: principalText(principal),
          what: resource.label,
          change: `holds ${levelName(actual)}, entitled ${levelName(entitled)}`,
          says: [
            `${UNMANAGEABLE_KINDS[kind]}: ${UNMANAGEABLE_REASONS[reason].cause}`,
            `help: ${UNMANAGEABLE_REASONS[reason].remedy}`,
          ],
          lines: [],
        })),
      },
      {
        title: 'Notices',
        subject: 'code',
        tone: 'plain',
        isOpen: false,
        rows: notices.map(({ code, message, remedy, at }) => ({
          who: code,
          what: at === null ? '' : lineText(at),
          change: message,
          says: [],
          lines: [`help: ${remedy}`],
        })),
      },
    ],
  };
}
