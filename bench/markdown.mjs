import { readFile, writeFile } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { COMMANDS } from './commands.mjs';
import { rowsOf } from './ladder.mjs';
import { svgChart } from './svg-chart.mjs';

const PAGE = new URL('../docs/quality/performance.md', import.meta.url);
const CHART = new URL('../docs/quality/performance.svg', import.meta.url);
const COMMANDS_CHART = new URL('../docs/quality/commands.svg', import.meta.url);
const MARK = '<!-- written by npm run bench -- --record -->';

/** Where and when it was measured. */
export function placeText() {
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `Node ${process.version}, Linux ${release()}, ${cpus().length} cores of ${model}, ${new Date().toISOString().slice(0, 10)}`;
}

/** What was measured, and the budget of each figure: `missed` if it is not met. */
export function budgetTable(results) {
  return [
    '| what | measured | floor | ratio | budget |',
    '|---|---|---|---|---|',
    ...results.map(
      ({ name, measured, floor = '', ratio, budget, isMet }) =>
        `| ${name} | ${measured} | ${floor} | ${ratio === undefined ? '' : ratio.toFixed(2)} | ${budget}${isMet ? '' : ' **missed**'} |`,
    ),
  ].join('\n');
}

/** How the time and memory of an idle run grow with the account. */
export function ladderTable(rungs) {
  return [
    '| people × rows | idle plan | ÷ `JSON.parse` | heap | ÷ parsed | over HTTP |',
    '|---|---|---|---|---|---|',
    ...rungs.map(
      (rung) =>
        `| ${rung.principals} × ${rung.rows} | ${ms(rung.planMs)} | ${rung.ratio.toFixed(2)} | ${rung.peakHeapMb.toFixed(2)} MB | ${(rung.peakHeapMb / rung.floorHeapMb).toFixed(2)} | ${ms(rung.runMs)} |`,
    ),
  ].join('\n');
}

/** What each command takes as a whole process: processor time and peak memory. */
export function commandsTable(rungs) {
  return [
    `| command | ${rungs.map(({ people }) => `${people} people`).join(' | ')} |`,
    `|---|${rungs.map(() => '---|').join('')}`,
    ...Object.keys(COMMANDS).map((name) => {
      const cells = rungs.map(({ used }) => `${ms(used[name].processorMs)}, ${used[name].peakMb.toFixed(0)} MB`);
      return `| \`${name}\` | ${cells.join(' | ')} |`;
    }),
  ].join('\n');
}

/** Writes tables and charts into docs/quality/performance.md, below its mark. */
export async function record(results, rungs, commandRungs) {
  const [head] = (await readFile(PAGE, 'utf8')).split(MARK);
  const parts = [
    `${head}${MARK}`,
    `${placeText()}:`,
    budgetTable(results),
    '## The ladder',
    '![Time and heap of an idle plan by number of rows, next to those of JSON.parse alone](performance.svg)',
    ladderTable(rungs),
    '## Every command',
    '![Processor time and peak memory of every command by number of people](commands.svg)',
    commandsTable(commandRungs),
  ];
  await writeFile(PAGE, `${parts.join('\n\n')}\n`);
  await writeFile(CHART, chartOf(rungs));
  await writeFile(COMMANDS_CHART, commandsChartOf(commandRungs));
}

function chartOf(rungs) {
  const lineOf = (name, figureOf) => ({ name, points: averaged(rungs.map((rung) => [rowsOf(rung), figureOf(rung)])) });
  return svgChart(
    [
      {
        title: 'Time',
        unit: 'ms',
        lines: [lineOf('JSON.parse alone', (rung) => rung.floorMs), lineOf('idle plan', (rung) => rung.planMs)],
      },
      {
        title: 'Heap',
        unit: 'MB',
        lines: [
          lineOf('parsed bodies', (rung) => rung.floorHeapMb),
          lineOf('at the most, while planning', (rung) => rung.peakHeapMb),
        ],
      },
    ],
    { title: 'Time and heap of an idle plan over the rows of the account', xTitle: 'rows of the account' },
  );
}

function commandsChartOf(rungs) {
  const linesOf = (figureOf) =>
    Object.keys(COMMANDS).map((name) => ({
      name,
      points: rungs.map(({ people, used }) => [people, figureOf(used[name])]),
    }));
  return svgChart(
    [
      { title: 'Processor time', unit: 'ms', lines: linesOf(({ processorMs }) => processorMs) },
      { title: 'Peak memory', unit: 'MB', lines: linesOf(({ peakMb }) => peakMb) },
    ],
    { title: 'Every command over the people of the account', xTitle: 'people of the account, five rows each' },
  );
}

/** Two sizes with as many rows are one point. */
function averaged(points) {
  const groups = Map.groupBy ? Map.groupBy(points, ([at]) => at) : grouped(points);
  return [...groups].map(([at, same]) => [at, same.reduce((sum, [, value]) => sum + value, 0) / same.length]);
}

function grouped(points) {
  const groups = new Map();
  for (const point of points) groups.set(point[0], [...(groups.get(point[0]) ?? []), point]);
  return groups;
}

function ms(value) {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
}
