// Mutates the pure core, all of it or the folders and files that are named, and counts what the unit and story tests notice.
// Writes the scores into docs/quality/mutation.md from the newest report of each file; with `page` alone it does nothing else.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const FOLDERS = ['domain', 'diff', 'guard', 'bind', 'resolve'];
const PAGE_ALONE = 'page';
const SCORE_LEAST = 90;
const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const REPORTS = `${HERE}reports/`;
const PAGE = fileURLToPath(new URL('../../docs/quality/mutation.md', import.meta.url));
const MARK = '<!-- written by npm run mutation -->';
const STRYKER = `${HERE}node_modules/@stryker-mutator/core/bin/stryker.js`;

/**
 * Why a mutant that survives is let be, by the file, a piece of what was changed and, where that fits several, what it became;
 * the first that fits.
 */
const REASONS = JSON.parse(readFileSync(`${HERE}survivors.json`, 'utf8'));

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** The folder of the core that `domain` or `src/core/domain/plan/batch.ts` names; undefined where it names none. */
function folderOf(target) {
  return FOLDERS.find(
    (folder) => target === folder || (target.startsWith(`src/core/${folder}/`) && existsSync(ROOT + target)),
  );
}

/** Tries every mutant of a folder, or of some of its files: then its newest report keeps the others. */
function mutate(folder, targets) {
  const isWhole = targets.length === 0 || targets.includes(folder);
  const [found, kept] = [`${HERE}report.json`, `${REPORTS}${folder}.json`];
  if (!isWhole && !existsSync(kept)) throw new Error(`run ${folder} first: its other files have no figures yet`);
  const pattern = isWhole ? `src/core/${folder}/**/*.ts` : targets.join();
  run('node', [STRYKER, 'run', 'proof/mutation/stryker.config.json', '--mutate', pattern]);
  if (isWhole) return copyFileSync(found, kept);
  const [report, { files }] = [kept, found].map((path) => JSON.parse(readFileSync(path, 'utf8')));
  writeFileSync(kept, JSON.stringify({ ...report, files: { ...report.files, ...files } }));
}

/** Every mutant of one folder, with the text that it replaced, and when they were tried; null where they never were. */
function reportOf(folder) {
  const path = `${REPORTS}${folder}.json`;
  if (!existsSync(path)) return null;
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  // A file that was moved or deleted since has no figures any more.
  const there = Object.entries(files).filter(([file]) => existsSync(ROOT + file));
  const mutants = there.flatMap(([file, { source, mutants: own }]) =>
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

function judgementOf({ file, was, replacement }) {
  return REASONS.find(
    ({ file: where, was: what, became }) =>
      file === `src/${where}` && was.includes(what) && (became === undefined || replacement === became),
  );
}

const named = process.argv.slice(2);
const isPageAlone = named.length === 1 && named[0] === PAGE_ALONE;
const unknown = isPageAlone ? [] : named.filter((target) => folderOf(target) === undefined);
if (unknown.length > 0)
  throw new Error(
    `not of the core: ${unknown.join(', ')}; there are ${FOLDERS.join(', ')}, their files (src/core/domain/plan/batch.ts), and ${PAGE_ALONE} alone`,
  );
if (!isPageAlone) {
  if (!existsSync(STRYKER)) run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: HERE });
  mkdirSync(REPORTS, { recursive: true });
  for (const folder of FOLDERS) {
    const targets = named.filter((target) => folderOf(target) === folder);
    if (named.length === 0 || targets.length > 0) mutate(folder, targets);
  }
}

const reports = FOLDERS.map(reportOf).filter((report) => report !== null);
const missing = FOLDERS.filter((folder) => !reports.some((report) => report.folder === folder));
const all = reports.flatMap(({ mutants }) => mutants);
const survivors = all.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
if (reports.length > 0)
  process.stdout.write(`${reports.map(tableRow).join('\n')}\nall: ${scoreOf(all).toFixed(1)} %\n`);
if (missing.length === 0) writePage();
else process.stderr.write(`the page stays as it is, since there are no figures of ${missing.join(', ')}\n`);
if (isPageAlone && missing.length > 0) process.exitCode = 1;

const judged = new Set(survivors.map(judgementOf));
const unjudged = survivors.filter((mutant) => judgementOf(mutant) === undefined);
for (const { file, location, was, replacement } of unjudged)
  process.stderr.write(`${file}:${location.start.line}: ${was} → ${replacement ?? ''}\n`);
if (unjudged.length > 0)
  process.stderr.write(`${unjudged.length} survivors are not judged: write why into proof/mutation/survivors.json\n`);
for (const { file, was } of REASONS.filter((reason) => hasFigures(reason.file) && !judged.has(reason)))
  process.stderr.write(`proof/mutation/survivors.json: no survivor of ${file} was ${JSON.stringify(was)}\n`);
for (const { folder, mutants } of reports.filter((report) => !(scoreOf(report.mutants) >= SCORE_LEAST))) {
  process.stderr.write(
    `the score of ${folder} is ${scoreOf(mutants).toFixed(1)} %, and must be ${SCORE_LEAST} % at least\n`,
  );
  process.exitCode = 1;
}

/** Whether the folder of a file of the core was tried, so that its survivors are known. */
function hasFigures(file) {
  return reports.some(({ folder }) => file.startsWith(`core/${folder}/`));
}

/** Only with figures of every folder: those that the page has may be of another machine. */
function writePage() {
  const page = [
    `${readFileSync(PAGE, 'utf8').split(MARK)[0]}${MARK}`,
    '',
    `With Node ${process.version} and ${cpus().length} cores:`,
    '',
    '| folder | date | killed | timed out | survived | no test | excluded | score |',
    '|---|---|---|---|---|---|---|---|',
    ...reports.map(tableRow),
    tableRow({ folder: 'all of these', mutants: all, date: '' }),
    '',
  ];
  writeFileSync(PAGE, page.join('\n'));
}
