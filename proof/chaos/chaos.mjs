// Plays random worlds with everything going wrong: the command line of proof/chaos. TypeScript is run by vitest, in processes of its own.
import { cpus } from 'node:os';
import { replacePart } from '../page-part.mjs';
import { HELP, readOptions } from './options.mjs';
import { Tally } from './tally.mjs';
import { playInWorkers } from './workers.mjs';

/** From so many worlds on, every kind of fault must have struck. */
const WORLDS_FOR_EVERY_KIND = 500;
const TELL_EVERY_MS = 15_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const { options, problems } = readOptions(args);
  if (options.help) return print(HELP, 0);
  if (problems.length > 0) return complain(`${problems.join('\n')}\nSee: npm run chaos -- --help`, 4);
  return options.seed === null ? playMany(options) : playOne(options.seed);
}

async function playOne(seed) {
  let report = null;
  const one = { from: seed, count: 1, untilMs: Number.POSITIVE_INFINITY, workers: 1, tale: true };
  await playInWorkers(
    one,
    (one) => (report = one),
    () => false,
  );
  print(`${report.tale.map((line) => `  ${line}`).join('\n')}\n`);
  if (report.broken !== null) return print(`FAILED, seed ${seed}: ${report.broken}\n`, 1);
  const { runs, puts, crashes, kills } = report;
  return print(`every invariant held: ${runs} runs, ${puts} PUTs, ${crashes + kills} crashes\n`, 0);
}

async function playMany(options) {
  const { from, minutes, workers, failures, twice } = options;
  const count = options.worlds ?? (minutes === null ? 500 : 10_000_000);
  const beganMs = Date.now();
  const untilMs = minutes === null ? Number.POSITIVE_INFINITY : beganMs + minutes * 60_000;
  const tally = new Tally();
  const what = minutes === null ? `${count} worlds` : `worlds for ${minutes} minutes`;
  print(`${what} from seed ${from}, in ${workers} ${workers === 1 ? 'process' : 'processes'}\n`);
  const telling = setInterval(() => tellProgress(tally, minutes === null ? count : null), TELL_EVERY_MS);
  let isStopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => (isStopped = true));
  const isOver = () => isStopped || tally.failed.length >= failures;
  const onReport = (report) => {
    if (isOver()) return;
    tally.add(report);
    if (report.broken !== null) tellFailure(report, tally);
  };
  try {
    await playInWorkers({ from, count, untilMs, workers, twice }, onReport, isOver);
  } finally {
    clearInterval(telling);
  }
  return conclude(tally, { ...options, isStopped, seconds: (Date.now() - beganMs) / 1_000 });
}

function tellProgress(tally, count) {
  if (tally.worlds > 0)
    print(`  ${tally.worlds}${count === null ? '' : ` of ${count}`} worlds played, ${tally.failed.length} failed\n`);
}

function tellFailure({ seed, broken, tale }, { worlds, failed }) {
  print(
    `FAILED, seed ${seed}: ${broken}\n` +
      `${tale
        .slice(-8)
        .map((line) => `    ${line}`)
        .join('\n')}\n` +
      `  again: npm run chaos -- --seed ${seed}\n` +
      `  ${worlds - failed.length} worlds held by then\n`,
  );
}

function conclude(tally, { from, workers, write, twice, isStopped, seconds }) {
  const { worlds, failed, differing, counts, struck, neverStruck } = tally;
  const faults = Object.values(struck).reduce((sum, count) => sum + count, 0);
  print(
    `${worlds} worlds in ${seconds.toFixed(0)} s: ${counts.runs} runs, ${counts.puts} PUTs, ${faults} faults, ` +
      `${counts.foreignWrites} writes by others, ${counts.crashes} crashes, ${counts.kills} real processes killed\n`,
  );
  if (twice) print(`${differing.length} of ${worlds} went another way the second time ${seedsText(differing)}\n`);
  const problems = [
    ...(isStopped ? ['it was stopped before the end'] : []),
    ...(worlds === 0 && !isStopped ? ['no world was played in that time; give it more'] : []),
    ...(worlds >= WORLDS_FOR_EVERY_KIND && neverStruck.length > 0
      ? [`these faults never struck: ${neverStruck.join(', ')}`]
      : []),
    ...(failed.length > 0 ? [`${failed.length} of ${worlds} worlds ${seedsText(failed.map(({ seed }) => seed))}`] : []),
  ];
  const outcome = problems.length === 0 ? 'every invariant held' : `FAILED: ${problems.join('; ')}`;
  if (write) replacePart('chaos', pageText(tally, { from, workers, seconds, faults, outcome }));
  return problems.length === 0 ? print(`${outcome} in all ${worlds} worlds\n`, 0) : print(`${outcome}\n`, 1);
}

function seedsText(seeds) {
  return `(${seeds.length === 0 ? 'none' : `seeds ${seeds.join(', ')}`})`;
}

function pageText({ worlds, counts, struck }, { from, workers, seconds, faults, outcome }) {
  const date = new Date().toISOString().slice(0, 10);
  const rows = [
    ['outcome', outcome],
    ['worlds', `${worlds}, from seed ${from}`],
    ['runs of grantd', counts.runs],
    ['PUTs sent', counts.puts],
    ['faults that took effect', `${faults}, of ${Object.values(struck).filter((count) => count > 0).length} kinds`],
    ['writes by someone else', counts.foreignWrites],
    ['simulated crashes', counts.crashes],
    ['real processes killed with SIGKILL', counts.kills],
    ['duration', `${(seconds / 60).toFixed(1)} minutes, ${workers} processes`],
    ['date, machine', `${date}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`],
  ];
  return `| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`;
}

function print(text, code) {
  process.stdout.write(text);
  return code;
}

function complain(text, code) {
  process.stderr.write(`${text}\n`);
  return code;
}
