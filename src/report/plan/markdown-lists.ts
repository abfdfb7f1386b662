import { levelName } from '../../core/domain/account/access-level.ts';
import { principalNameText, principalText } from '../../core/domain/account/principal.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { Place } from '../../core/domain/text/problem.ts';
import type { MarkdownBlock } from '../layout/markdown-budget.ts';
import { inlineCode } from '../markdown-code.ts';
import { levelsText, lineText } from '../words/phrase.ts';
import { DEFERRED_REASONS, UNMANAGEABLE_REASONS } from '../words/reason-words.ts';
import { UNMANAGEABLE_KINDS } from './text-lists.ts';

/** What a plan says besides its changes: one folded list each, those that ask for something first. */
export function listBlocks(plan: Plan): readonly MarkdownBlock[] {
  return [...doubtLists(plan), ...peopleLists(plan), ...rowLists(plan)].flatMap(([title, rows]) =>
    rows.length === 0
      ? []
      : [
          {
            open: ['<details>', `<summary>${title} (${rows.length})</summary>`, ''],
            rows,
            close: ['', '</details>', ''],
          },
        ],
  );
}

type TitledRows = readonly [title: string, rows: readonly string[]];

function doubtLists({ notices, deferred, unmanageable }: Plan): readonly TitledRows[] {
  return [
    [
      'Notices',
      notices.map(({ code, message, remedy, at }) => {
        const place = at === null ? '' : `${inlineCode(lineText(at))} `;
        return `- ${place}**${code}**: ${inlineCode(message)}<br>${inlineCode(remedy)}`;
      }),
    ],
    [
      'Deferred: wanted, and waiting',
      deferred.map(({ change, reason, waitsFor }) => {
        const { cause, remedy } = DEFERRED_REASONS[reason];
        const row = `${rowText(change)} ${levelsText(change)}`;
        return `- ${row}: waits for ${inlineCode(waitsFor)} (**${reason}**: ${cause}; ${remedy})`;
      }),
    ],
    [
      'Unmanageable: wanted otherwise, and out of reach',
      unmanageable.map((row) => {
        const { cause, remedy } = UNMANAGEABLE_REASONS[row.reason];
        const levels = `holds ${levelName(row.actual)}, entitled ${levelName(row.entitled)}`;
        return `- ${rowText(row)}: ${levels}, ${UNMANAGEABLE_KINDS[row.kind]} (**${row.reason}**: ${cause}; ${remedy})`;
      }),
    ],
  ];
}

function peopleLists({ absent, upcoming, unlisted, idle }: Plan): readonly TitledRows[] {
  return [
    [
      'Absent: in the policy, not in the account',
      absent.map(({ name, grants }) => `- ${inlineCode(principalNameText(name))} ${linesText(grants)}`),
    ],
    [
      'Upcoming: untouched until then',
      upcoming.map(({ name, grants, begins }) => {
        const from = begins === null ? '' : `from ${instantText(begins)} `;
        return `- ${inlineCode(principalNameText(name))} ${from}${linesText(grants)}`;
      }),
    ],
    [
      'Unlisted: hold access, and no grant names them',
      unlisted.map(({ principal, rows }) => {
        const held = rows.map(({ resource, level }) => `${inlineCode(resource.label)} ${levelName(level)}`);
        return `- ${inlineCode(principalText(principal))}: ${held.join(', ')}`;
      }),
    ],
    ['Idle: members without any access', idle.map((principal) => `- ${inlineCode(principalText(principal))}`)],
  ];
}

function rowLists({ ended, redundant }: Plan): readonly TitledRows[] {
  return [
    [
      'Ended',
      ended.map((row) => {
        const until = inlineCode(row.until.text);
        return `- ${rowText(row)}: ${row.level} until ${until}, holds ${levelName(row.actual)} ${linesText([row.grant])}`;
      }),
    ],
    [
      'Redundant: give nothing beyond the policy, left alone',
      redundant.map((row) => `- ${rowText(row)} ${levelName(row.level)}`),
    ],
  ];
}

function rowText({ principal, resource }: Pick<Plan['redundant'][number], 'principal' | 'resource'>): string {
  return `${inlineCode(principalText(principal))} ${inlineCode(resource.label)}`;
}

function linesText(places: readonly Place[]): string {
  return places.map((place) => inlineCode(lineText(place))).join(', ');
}
