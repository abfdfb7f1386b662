import type { Comparison } from '../../core/domain/answer/comparison.ts';
import { lazyList } from '../../core/domain/answer/lazy-list.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignedRow, type Cell, columnWidths, moreLines, SHOWN_MOST } from '../layout/text.ts';
import { basisText, comparisonHeadline, modesText } from './headline.ts';
import type { ComparisonRow, ComparisonSection, Tone } from './section.ts';
import { comparisonSections } from './sections.ts';

/**
 * A comparison for a terminal: one sentence, then every difference, the largest risks first. All gains and losses are shown.
 * It comes in pieces, one row at a time.
 */
export function comparisonText(comparison: Comparison, paint: Paint): Iterable<string> {
  const opening = {
    about: `Account ${comparison.account}, ${modesText(comparison)}`,
    headline: comparisonHeadline(comparison),
    basis: basisText(comparison),
  };
  return sectionsText(opening, comparisonSections(comparison), paint);
}

/** What an answer is about, its sentence, and what it assumes. */
export interface Opening {
  readonly about: string;
  readonly headline: string;
  readonly basis: string;
}

/** An answer in sections for a terminal, in pieces. */
export function* sectionsText(
  opening: Opening,
  sections: readonly ComparisonSection[],
  paint: Paint,
): Iterable<string> {
  for (const line of textLines(opening, sections, paint)) yield `${fitText(line, paint)}\n`;
}

function* textLines(
  { about, headline, basis }: Opening,
  sections: readonly ComparisonSection[],
  paint: Paint,
): Iterable<string> {
  yield `${about}: ${paint.strong(headline)}`;
  yield paint.faint(basis);
  for (const section of sections) {
    yield '';
    yield* sectionLines(section, paint);
  }
}

function* sectionLines({ title, tone, count, rows }: ComparisonSection, paint: Paint): Iterable<string> {
  yield paintOf(tone, paint)(`${title} (${count})`);
  yield* rowLines(tone === 'plain' ? firstOf(rows, SHOWN_MOST) : rows, tone, paint);
  if (tone === 'plain') yield* moreLines(count - SHOWN_MOST);
}

function firstOf<Item>(items: Iterable<Item>, most: number): readonly Item[] {
  const first: Item[] = [];
  for (const item of items) {
    if (first.length === most) break;
    first.push(item);
  }
  return first;
}

function* rowLines(rows: Iterable<ComparisonRow>, tone: Tone, paint: Paint): Iterable<string> {
  const cellsOf = (row: ComparisonRow) => headCells(row, tone, paint);
  const widths = columnWidths(lazyList(rows, cellsOf));
  for (const row of rows) {
    yield alignedRow(cellsOf(row), widths, '  ');
    for (const line of [...row.lines, ...row.says]) yield `      ${paint.faint(visibleText(line))}`;
  }
}

function headCells({ who, what, change }: ComparisonRow, tone: Tone, paint: Paint): readonly Cell[] {
  return [
    { text: oddVisible(who), paint: paint.strong },
    ...(what === '' ? [] : [{ text: oddVisible(what) }]),
    { text: visibleText(change), paint: paintOf(tone, paint) },
  ];
}

function paintOf(tone: Tone, paint: Paint): (text: string) => string {
  return tone === 'plain' ? (text) => text : paint[tone];
}
