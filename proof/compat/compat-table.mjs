// The results of the runs, for people and for docs/quality/compatibility.md.

const HEAD = ['| Node | date | tests | passed | failed | skipped | minutes | |', '|---|---|---|---|---|---|---|---|'];

/** A run counts as good only if it reports tests, and none that failed. */
export function isGood({ status, counts }) {
  return status === 0 && counts !== null && counts.passed > 0 && counts.failed === 0;
}

export function compatTable(runs, date) {
  return [...HEAD, ...runs.map((run) => rowOf(run, date))].join('\n');
}

function rowOf(run, date) {
  const { version, paths, status, counts, minutes } = run;
  const { passed, failed, skipped } = counts ?? { passed: 'none reported', failed: '', skipped: '' };
  const what = paths.length === 0 ? 'all' : paths.map((path) => `\`${path}\``).join(', ');
  const cells = [
    version,
    date,
    what,
    passed,
    failed,
    skipped,
    minutes.toFixed(1),
    isGood(run) ? 'good' : `FAILED (${status})`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The page with the new rows; a row of a version that was not run again stays. */
export function recordedPage(page, mark, runs, date) {
  const [before, after] = page.split(mark);
  if (after === undefined) throw new Error(`the page has no line ${mark}`);
  const fresh = new Map(runs.map((run) => [run.version.split('.')[0], rowOf(run, date)]));
  const lines = after.split('\n').filter((line) => /^\| \d/.test(line));
  const kept = lines.filter((line) => !fresh.has(/^\| (\d+)\./.exec(line)?.[1]));
  const rows = [...kept, ...fresh.values()].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  return `${before}${mark}\n\n${[...HEAD, ...rows].join('\n')}\n`;
}
