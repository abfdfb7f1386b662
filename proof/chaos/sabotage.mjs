// Breaks grantd by hand, one way after the other, in a copy of this checkout, and counts how many worlds chaos needs to find it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replacePart } from '../page-part.mjs';
import { SABOTAGES } from './sabotages.mjs';

const HELP = `Breaks grantd by hand in a copy of this checkout, and counts the worlds that chaos needs to find it.

Usage: node proof/chaos/sabotage.mjs [--write] [WORD]

  --write   write the table into docs/quality/reliability.md
  WORD      only what is described with this word

Exit codes: 0 everything was found · 1 something was not
`;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const COPIED = [
  'src',
  'test',
  'proof/page-part.mjs',
  'proof/chaos',
  'schemas',
  'config',
  'package.json',
  'vitest.config.ts',
  'tsconfig.json',
  'tsconfig.build.json',
];
/** What is not found in so many worlds is not found. */
const WORLDS_MOST = 500;

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(HELP);
else process.exitCode = sabotageAll(args);

function sabotageAll(given) {
  const [word] = given.filter((arg) => !arg.startsWith('--'));
  const chosen = SABOTAGES.filter(({ what }) => word === undefined || what.includes(word));
  const directory = mkdtempSync(join(tmpdir(), 'grantd-sabotage-'));
  try {
    for (const name of COPIED) cpSync(join(ROOT, name), join(directory, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    const rows = [];
    for (const sabotage of chosen) {
      rows.push(sabotageOnce(directory, sabotage));
      // Row by row: what was found stands there even if the rest is called off.
      if (given.includes('--write')) replacePart('sabotage', tableOf(rows));
    }
    return rows.every(({ found }) => found !== null) ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function sabotageOnce(directory, sabotage) {
  const edits = [sabotage, ...(sabotage.also ? [sabotage.also] : [])];
  const undo = edits.map((edit) => applyEdit(directory, edit));
  const chaos = ['proof/chaos/chaos.mjs', '--worlds', String(WORLDS_MOST), '--failures', '1', '--workers', '1'];
  const { stdout, stderr } = spawnSync(process.execPath, chaos, { cwd: directory, encoding: 'utf8' });
  for (const restore of undo) restore();
  const failure = /^FAILED, seed (\d+): (.*)$/m.exec(stdout);
  const row = { what: sabotage.what, found: failure ? Number(failure[1]) : null, by: failure?.[2] ?? stderr.trim() };
  process.stdout.write(`${row.found ?? 'NOT FOUND'}\t${row.what}\t${row.by}\n`);
  return row;
}

/** Returns what undoes it. Throws where the line is not there: then the list is out of date. */
function applyEdit(directory, { file, from, to }) {
  const path = join(directory, 'src', file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`src/${file} does not hold this exactly once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  return () => writeFileSync(path, text);
}

function tableOf(rows) {
  const line = ({ what, found }) => `| ${what} | ${found === null ? `not in ${WORLDS_MOST}` : found} |`;
  return ['| what was broken | found in world |', '|---|---|', ...rows.map(line)].join('\n');
}
