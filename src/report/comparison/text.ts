import type { Comparison } from '../../core/domain/answer/comparison.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded } from '../layout/text.ts';
import { basisText, comparisonHeadline, modesText } from './headline.ts';
import { type ComparisonRow, type ComparisonSection, comparisonSections, type Tone } from './sections.ts';

/** A comparison for a terminal: one sentence, then every difference, the largest risks first. All gains and losses are shown. */
export function renderComparisonText(comparison: Comparison, paint: Paint): string {
  const opening = [
    `Account ${comparison.account}, ${modesText(comparison)}: ${paint.strong(comparisonHeadline(comparison))}`,
    paint.faint(basisText(comparison)),
  ];
  const sections = comparisonSections(comparison).map((section) => sectionLines(section, paint));
  return `${fitText([opening, ...sections].map((lines) => lines.join('\n')).join('\n\n'), paint)}\n`;
}

function sectionLines({ title, tone, rows }: ComparisonSection, paint: Paint): readonly string[] {
  const heading = paintOf(tone, paint)(`${title} (${rows.length})`);
  const toLines = (shown: readonly ComparisonRow[]) => rowLines(shown, tone, paint);
  return [heading, ...(tone === 'plain' ? bounded(rows, toLines) : toLines(rows))];
}

function rowLines(rows: readonly ComparisonRow[], tone: Tone, paint: Paint): readonly string[] {
  const heads = alignColumns(
    rows.map(({ who, what, change }) => [
      { text: oddVisible(who), paint: paint.strong },
      ...(what === '' ? [] : [{ text: oddVisible(what) }]),
      { text: visibleText(change), paint: paintOf(tone, paint) },
    ]),
    '  ',
  );
  return rows.flatMap(({ says, lines }, index) => [
    ...heads.slice(index, index + 1),
    ...[...lines, ...says].map((line) => `      ${paint.faint(visibleText(line))}`),
  ]);
}

function paintOf(tone: Tone, paint: Paint): (text: string) => string {
  return tone === 'plain' ? (text) => text : paint[tone];
}
