import { cpus } from 'node:os';

/** The value below which such a share of the numbers lies. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const RSS_GROWTH_MOST = { full: 1.2, quick: 1.4 };
const DESCRIPTORS_MORE_MOST = 2;

/** By how much the last third of a run needs more than the second: by then everything is loaded, and what still grows is a leak. */
export function growthOf(samples) {
  const third = Math.floor(samples.length / 3);
  const least = (part, key) => Math.min(...part.map((sample) => sample[key]));
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
  return {
    residentRatio: least(last, 'residentMb') / least(middle, 'residentMb'),
    descriptorsMore: least(last, 'descriptors') - least(middle, 'descriptors'),
  };
}

/** Everything that must hold after the long day, with what was found: the broken ones in words. */
export function brokenOf({ day, audit, many, isQuick }) {
  const { residentRatio, descriptorsMore } = growthOf(day.samples);
  const most = RSS_GROWTH_MOST[isQuick ? 'quick' : 'full'];
  const odd = day.answers.filter(({ status }) => status !== 200);
  const checks = [
    [day.editMs.length === day.edits, `only ${day.editMs.length} of ${day.edits} edits reached the account`],
    [residentRatio <= most, `resident memory grew by a factor of ${residentRatio.toFixed(2)}, and ${most} is the most`],
    [
      descriptorsMore <= DESCRIPTORS_MORE_MOST,
      `${descriptorsMore} more descriptors are open, and ${DESCRIPTORS_MORE_MOST} is the most`,
    ],
    [
      odd.length === 0,
      `${odd.length} requests were not answered 200, the first ${odd[0]?.path} with ${odd[0]?.status}`,
    ],
    [day.counted === day.asked, `the metrics count ${day.counted} requests to the API, and it had ${day.asked}`],
    [audit.ok, `the audit log does not verify: ${audit.text}`],
    ...many.map((one) => [one.wrong === 0, `${one.wrong} accounts were written to that must not be`]),
  ];
  return checks.flatMap(([holds, what]) => (holds ? [] : [what]));
}

/** The tables of docs/quality/reliability.md. */
export function pageText({ day, many, broken, command }) {
  const { samples, answers, editMs } = day;
  const { residentRatio, descriptorsMore } = growthOf(samples);
  const last = samples.at(-1);
  const paths = [...new Set(answers.map(({ path }) => path))];
  const p99s = paths.map((path) => {
    const same = answers.filter((one) => one.path === path);
    return percentile(
      same.map(({ tookMs }) => tookMs),
      0.99,
    );
  });
  const ms = (value) => `${value.toFixed(1)} ms`;
  const where = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  const table = (head, rows) =>
    [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  return [
    `${new Date().toISOString().slice(0, 10)}, ${where}, by \`${command}\`: ${broken.length === 0 ? 'everything held' : `**FAILED**: ${broken.join('; ')}`}.`,
    table(
      ['the long day', ''],
      [
        ['hours', `${day.hours}, in ${((day.hours * 60) / day.factor).toFixed(1)} minutes`],
        ['edits that reached the account', `${editMs.length} of ${day.edits}`],
        ['edit saved → in the account', `p50 ${ms(percentile(editMs, 0.5))}, p99 ${ms(percentile(editMs, 0.99))}`],
        ['requests to the API', day.asked],
        ['memory at the end, growth', `${last.residentMb.toFixed(0)} MB, ${residentRatio.toFixed(2)}`],
        ['descriptors at the end, growth', `${last.descriptors}, ${descriptorsMore}`],
        ['HTTP requests, p99 of the slowest route', `${answers.length}, ${ms(Math.max(...p99s))}`],
      ],
    ),
    table(
      ['accounts in one process', 'of these broken', 'all in sync', 'one edit each', 'memory', 'idle'],
      many.map((one) => [
        one.accounts,
        one.ill,
        `${(one.allRightMs / 1_000).toFixed(1)} s`,
        `${(one.editedMs / 1_000).toFixed(1)} s`,
        `${one.residentMb.toFixed(0)} MB`,
        `${one.idlePercent.toFixed(1)} %`,
      ]),
    ),
  ].join('\n\n');
}
