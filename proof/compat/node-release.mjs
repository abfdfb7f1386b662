// Which Nodes the tests run on, and their binaries: from the `node-<system>-<processor>` packages of the npm registry.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The lines of Node that grantd is tested on; of the first one, the oldest that `engines` lets in. */
export const LINES = ['20', '22', '24', '26'];

/** `>=20.19` is 20.19.0. */
export function oldestVersion(engines) {
  const [, major, minor = '0', patch = '0'] = /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(engines) ?? [];
  if (major === undefined) throw new Error(`package.json: engines.node is "${engines}", and only >=X.Y can be read`);
  return `${major}.${minor}.${patch}`;
}

/** What `--only` names, each line once and in the order of age. */
export function chosenLines(only) {
  if (only === undefined) return LINES;
  const named = only.split(',').map((part) => part.trim());
  const unknown = named.filter((line) => !LINES.includes(line));
  if (unknown.length > 0)
    throw new Error(`--only ${only}: there is no ${unknown.map((line) => `"${line}"`).join(', ')}; choose of ${LINES}`);
  return LINES.filter((line) => named.includes(line));
}

/** The binary of the oldest or newest Node of a line. Brings it from the registry, unless it was brought before. */
export function bringNode(line, engines) {
  const oldest = oldestVersion(engines);
  const version = oldest.startsWith(`${line}.`) ? oldest : newestOf(line);
  const home = join(cacheDirectory(), version);
  const binary = join(home, 'node_modules', packageName(), 'bin', 'node');
  if (!existsSync(binary)) install(version, home);
  const said = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (said !== `v${version}`) throw new Error(`${binary} is ${said}, not v${version}; delete ${home} and try again`);
  return { version, binary };
}

function cacheDirectory() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'grantd-nodes');
}

function packageName() {
  return `node-${process.platform}-${process.arch}`;
}

/** Where the registry does not answer, the newest that was brought before. */
function newestOf(line) {
  const { status, stdout } = spawnSync('npm', ['view', `node@${line}`, 'version', '--json'], { encoding: 'utf8' });
  const listed = status === 0 && stdout.trim() !== '' ? [JSON.parse(stdout)].flat() : cachedVersions();
  const newest = listed
    .filter((version) => version.startsWith(`${line}.`))
    .sort(byAge)
    .at(-1);
  if (newest === undefined)
    throw new Error(`no Node ${line}: the npm registry does not answer, and none is in ${cacheDirectory()}`);
  return newest;
}

function cachedVersions() {
  return existsSync(cacheDirectory()) ? readdirSync(cacheDirectory()) : [];
}

function byAge(one, other) {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Whole or not at all: an install that is cut off leaves nothing that looks like one. */
function install(version, home) {
  const unfinished = `${home}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  const spec = `${packageName()}@${version}`;
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', ['install', '--prefix', unfinished, ...options, spec], {
    encoding: 'utf8',
  });
  try {
    if (status !== 0) throw new Error(`npm could not install ${spec}:\n${stderr.trim()}`);
    rmSync(home, { recursive: true, force: true });
    renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** What package.json of the project demands of Node. */
export function readEngines() {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).engines.node;
}
