// Mutates folders of the pure core, all of them or those that are named, and counts what the unit and story tests notice.
// Writes docs/mutation.md from the newest report of each folder.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const FOLDERS = ['domain', 'diff', 'guard', 'bind', 'resolve'];
const SCORE_LEAST = 90;
const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REPORTS = `${HERE}reports/`;
const PAGE = fileURLToPath(new URL('../../docs/mutation.md', import.meta.url));
const MARK = '<!-- written by npm run mutation -->';
const STRYKER = `${HERE}node_modules/@stryker-mutator/core/bin/stryker.js`;

/** Why a mutant that survives is let be, by the file and what was changed; the first that fits. */
const REASONS = JSON.parse(readFileSync(`${HERE}survivors.json`, 'utf8'));

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function mutate(folder) {
  run('node', [STRYKER, 'run', 'test/mutation/stryker.config.json', '--mutate', `src/${folder}/**/*.ts`]);
  copyFileSync(`${HERE}report.json`, `${REPORTS}${folder}.json`);
}

/** Every mutant of one folder, with the text that it replaced, and when they were tried; null where they never were. */
function reportOf(folder) {
  const path = `${REPORTS}${folder}.json`;
  if (!existsSync(path)) return null;
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  const mutants = Object.entries(files).flatMap(([file, { source, mutants: own }]) =>
    own.map((mutant) => ({ ...mutant, file, was: textOf(source, mutant.location) })),
  );
  return { folder, mutants, date: statSync(path).mtime.toISOString().slice(0, 10) };
}

function textOf(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.map((line) => line.trim()).join(' ');
}

const count = (mutants, ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;

function scoreOf(mutants) {
  const noticed = count(mutants, 'Killed', 'Timeout');
  return (100 * noticed) / (noticed + count(mutants, 'Survived', 'NoCoverage'));
}

function tableRow({ folder, mutants, date }) {
  const cells = [
    count(mutants, 'Killed'),
    count(mutants, 'Timeout'),
    count(mutants, 'Survived'),
    count(mutants, 'NoCoverage'),
    count(mutants, 'Ignored'),
    `${scoreOf(mutants).toFixed(1)} %`,
  ];
  return `| ${folder} | ${date} | ${cells.join(' | ')} |`;
}

function survivorRow({ file, location, was, replacement, status, mutatorName }) {
  const cell = (text) => `\`${text.replaceAll('`', "'").replaceAll('|', '¦').slice(0, 90)}\``;
  const reason = REASONS.find(({ file: where, was: what }) => file.endsWith(where) && was.includes(what))?.reason;
  const kind = status === 'NoCoverage' ? 'no test' : mutatorName;
  return `| ${file.replace('src/', '')}:${location.start.line} | ${kind} | ${cell(was)} | ${cell(replacement ?? '')} | ${reason ?? 'not judged'} |`;
}

const named = process.argv.slice(2);
const unknown = named.filter((folder) => !FOLDERS.includes(folder));
if (unknown.length > 0)
  throw new Error(`no folder of the core: ${unknown.join(', ')}; there are ${FOLDERS.join(', ')}`);
if (!existsSync(STRYKER)) run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HERE });
mkdirSync(REPORTS, { recursive: true });
for (const folder of named.length > 0 ? named : FOLDERS) mutate(folder);

const reports = FOLDERS.map(reportOf).filter((report) => report !== null);
const all = reports.flatMap(({ mutants }) => mutants);
const survivors = all.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
writeFileSync(
  PAGE,
  [
    `${readFileSync(PAGE, 'utf8').split(MARK)[0]}${MARK}`,
    '',
    `With Node ${process.version} and ${cpus().length} cores:`,
    '',
    '| folder | date | killed | ended by time | survived | no test | left out | score |',
    '|---|---|---|---|---|---|---|---|',
    ...reports.map(tableRow),
    ...FOLDERS.filter((folder) => !reports.some((report) => report.folder === folder)).map(
      (folder) => `| ${folder} | not run | | | | | | |`,
    ),
    '',
    '## Survivors',
    '',
    '| where | kind | was | became | why it is let be |',
    '|---|---|---|---|---|',
    ...survivors.map(survivorRow),
    '',
  ].join('\n'),
);
const score = scoreOf(all);
process.stdout.write(`${reports.map(tableRow).join('\n')}\nall: ${score.toFixed(1)} %\n`);
if (!(score >= SCORE_LEAST)) {
  process.stderr.write(`the score is below ${SCORE_LEAST} %\n`);
  process.exitCode = 1;
}
