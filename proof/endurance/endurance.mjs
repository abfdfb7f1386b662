// A day of the daemon's time in some minutes, and many accounts in one process, with real processes of the compiled grantd.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { replacePart } from '../page-part.mjs';
import { brokenOf, pageText, percentile } from './figures.mjs';
import { lineCharts } from './line-chart.mjs';
import { liveLongDay } from './long-day.mjs';
import { keepManyAccounts } from './many-accounts.mjs';

const HELP = `Runs grantd through a day of its own time, and with a hundred accounts in one process, and checks that nothing grows.

Usage: npm run endurance -- [options]

  --quick    1.25 hours, 50 edits, 5 000 requests instead of 24 hours, 1 000 edits, 100 000 requests: about 100 s
  --write    write the figures and the chart into docs/quality/reliability.md
  --help     show this

The day goes 60 times as fast as the machine's, so it takes 24 minutes. Needs Linux: it reads /proc.

Exit codes: 0 everything held · 1 something did not · 4 wrong options

Examples:
  npm run endurance -- --quick
  npm run endurance -- --write
`;

const FULL = { hours: 24, edits: 1_000, requests: 100_000, factor: 60 };
const QUICK = { hours: 1.25, edits: 50, requests: 5_000, factor: 60 };
const MANY = 100;
const ILL = 3;
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CHART = new URL('../../docs/quality/images/endurance.svg', import.meta.url);

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const options = readOptions(args);
  if (options.help) return print(HELP, 0);
  if (options.problem) return print(`${options.problem}\nSee: npm run endurance -- --help\n`, 4, process.stderr);
  if (!existsSync('/proc/self/fd')) return print('this needs /proc, which Linux has\n', 1, process.stderr);
  const directory = mkdtempSync(join(tmpdir(), 'grantd-endurance-'));
  try {
    return await endure(directory, options);
  } catch (error) {
    return print(`FAILED: ${error instanceof Error ? error.message : error}\n`, 1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function endure(directory, { quick: isQuick, write }) {
  const size = isQuick ? QUICK : FULL;
  print(`${size.hours} hours at ${size.factor} times the speed, ${size.edits} edits, ${size.requests} requests …\n`);
  const day = await liveLongDay({ directory, ...size });
  const audit = verify(day.audit);
  const many = [];
  for (const ill of [0, ILL]) {
    print(`${MANY} accounts in one process, ${ill} of them broken …\n`);
    many.push(await keepManyAccounts({ directory: join(directory, `many-${ill}`), accounts: MANY, ill }));
  }
  const broken = brokenOf({ day, audit, many, isQuick });
  const command = `npm run endurance -- ${isQuick ? '--quick ' : ''}--write`;
  const text = pageText({ day, many, broken, command });
  print(`\n${text}\n`);
  if (write) {
    replacePart('endurance', `${text}\n\n![memory, descriptors and latency over the day](images/endurance.svg)`);
    mkdirSync(new URL('.', CHART), { recursive: true });
    writeFileSync(CHART, chartOf(day));
  }
  return broken.length === 0 ? print('\neverything held\n', 0) : print(`\nFAILED: ${broken.join('; ')}\n`, 1);
}

function verify(log) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'audit', 'verify', log], { encoding: 'utf8' });
  return { ok: status === 0, text: (stdout + stderr).trim().split('\n')[0]?.replace(`${log}: `, '') ?? '' };
}

function chartOf({ samples, answers, hours, factor }) {
  const toHours = (ms) => (ms * factor) / 3_600_000;
  const parts = 48;
  const latency = (share) =>
    Array.from({ length: parts }, (_, part) => {
      const [from, to] = [(part / parts) * hours, ((part + 1) / parts) * hours];
      const took = answers
        .filter(({ atMs }) => toHours(atMs) >= from && toHours(atMs) < to)
        .map(({ tookMs }) => tookMs);
      return [to, percentile(took, share)];
    }).filter(([, value]) => Number.isFinite(value));
  const overTime = (key) => samples.map((sample) => [toHours(sample.atMs), sample[key]]);
  return lineCharts({
    title: `grantd run through ${hours} hours of its own time`,
    xUnit: 'h',
    panels: [
      { title: 'Resident memory', unit: 'MB', lines: [{ name: '', points: overTime('residentMb') }] },
      { title: 'Open descriptors', unit: '', lines: [{ name: '', points: overTime('descriptors') }] },
      {
        title: 'Answers of its port',
        unit: 'ms',
        lines: [
          { name: 'p50', points: latency(0.5) },
          { name: 'p99', points: latency(0.99) },
        ],
      },
    ],
  });
}

function readOptions(args) {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ args, options: { quick: flag, write: flag, help: flag }, strict: true }).values;
  } catch (error) {
    return { problem: String(error instanceof Error ? error.message : error).split('. To specify')[0] };
  }
}

function print(text, code, output = process.stdout) {
  output.write(text);
  return code;
}
