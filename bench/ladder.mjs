import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NODE_WORDS } from './daemon-process.mjs';
import { toRatio } from './figures.mjs';

const RUNG = fileURLToPath(new URL('plan-rung.mjs', import.meta.url));
const PRINCIPALS = [10, 100, 1_000, 10_000];
const ROWS = [10, 100];

/** Growth is judged from here on: below, what every run costs anyway hides it. */
const GROWTH_FROM_ROWS = 1_000;
const GROWTH_MOST = 1.1;
const TIME_RATIO_MOST = 3;
const HEAP_RATIO_MOST = 2.5;

/** The sizes at which the ratios are promised. */
const PROMISED = [
  { principals: 1_000, rows: 100 },
  { principals: 10_000, rows: 100 },
];

/** An idle plan of accounts of growing size; `tell` is told of each rung. */
export async function benchLadder(tell) {
  const rungs = [];
  for (const rows of ROWS) {
    for (const principals of PRINCIPALS) {
      tell(`${principals} people with ${rows} rows each`);
      rungs.push(await measureRung({ principals, rows }));
    }
  }
  return rungs.sort((a, b) => rowsOf(a) - rowsOf(b));
}

/** What the ladder is judged by. */
export function judgeLadder(rungs) {
  const promised = PROMISED.flatMap((size) => {
    const rung = rungs.find(({ principals, rows }) => principals === size.principals && rows === size.rows);
    const name = `idle plan, ${size.principals} × ${size.rows} rows`;
    return [
      toRatio(`${name}, time`, {
        measured: rung.planMs,
        floor: rung.floorMs,
        unit: 'ms',
        budget: TIME_RATIO_MOST,
        ratio: rung.ratio,
      }),
      toRatio(`${name}, heap`, {
        measured: rung.peakHeapMb,
        floor: rung.floorHeapMb,
        unit: 'MB',
        budget: HEAP_RATIO_MOST,
      }),
    ];
  });
  const large = rungs.filter((rung) => rowsOf(rung) >= GROWTH_FROM_ROWS);
  const growth = [
    ['time', ({ planMs }) => planMs],
    ['heap', ({ peakHeapMb }) => peakHeapMb],
  ].map(([what, figureOf]) => {
    const exponent = slopeOf(large.map((rung) => [Math.log(rowsOf(rung)), Math.log(figureOf(rung))]));
    const measured = `rows ^ ${exponent.toFixed(2)}`;
    return {
      name: `growth from 10³ to 10⁶ rows, ${what}`,
      measured,
      budget: `${GROWTH_MOST}`,
      isMet: exponent <= GROWTH_MOST,
    };
  });
  return [...promised, ...growth];
}

export function rowsOf({ principals, rows }) {
  return principals * rows;
}

function measureRung({ principals, rows }) {
  return new Promise((resolve, reject) => {
    const words = [...NODE_WORDS, '--expose-gc', RUNG, '--principals', String(principals), '--rows', String(rows)];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`${principals} × ${rows} ended with ${code}`));
    });
  });
}

/** The slope of the line that fits best. */
function slopeOf(points) {
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
