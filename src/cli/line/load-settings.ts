import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SETTINGS_FILE_VARIABLE } from '../../adapters/settings/environment.ts';
import {
  examineSettings,
  type Origins,
  resolveSettings,
  type SettingsSources,
} from '../../adapters/settings/resolve-settings.ts';
import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';
import { flagOf, SETTING_KEYS, type SettingKey, type Settings } from '../../adapters/settings/settings-table.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { readInput } from '../process/read-input.ts';
import { schemaCheck } from '../process/schema-check.ts';
import type { Call } from './command.ts';
import { InvalidSettings } from './invalid-settings.ts';

/** Looked for in the directory that grantd is started in. */
export const FOUND_SETTINGS_FILE = 'config/grantd.yaml';

/** A settings file has a handful of lines. */
const SETTINGS_BYTES_MAX = 65_536;

type World = Pick<Call, 'io' | 'secrets'>;

export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Origins;
}

/** The settings from all their sources. Throws `InvalidSettings` with every problem of every source. */
export async function loadSettings(world: World, flags: Call['flags']): Promise<LoadedSettings> {
  const { file, problems } = await loadSettingsFile(world, flags);
  const sources: SettingsSources = { flags: settingFlags(flags), env: world.io.env, file };
  const resolved = resolveSettings(sources);
  const all = [...problems, ...(resolved.ok ? [] : resolved.problems), ...(await examineSettings(sources))];
  if (!resolved.ok || all.length > 0) throw new InvalidSettings(all);
  return resolved;
}

function settingFlags(flags: Call['flags']): ReadonlyMap<SettingKey, string> {
  const found = new Map<SettingKey, string>();
  for (const key of SETTING_KEYS) {
    const value = flags.get(flagOf(key).slice(2));
    if (typeof value === 'string') found.set(key, value);
  }
  return found;
}

interface LoadedFile {
  readonly file: SettingsSources['file'];
  readonly problems: readonly SettingsProblem[];
}

async function loadSettingsFile(world: World, flags: Call['flags']): Promise<LoadedFile> {
  const { io } = world;
  const flag = flags.get('settings');
  const variable = io.env[SETTINGS_FILE_VARIABLE] || undefined;
  const named = typeof flag === 'string' ? flag : variable;
  const file = named ?? FOUND_SETTINGS_FILE;
  if (named === undefined && !(await exists(resolve(io.cwd, file)))) return { file: null, problems: [] };
  try {
    const { text } = await readInput(world, file, {
      noun: 'settings file',
      code: 'policy-unreadable',
      bytesMax: SETTINGS_BYTES_MAX,
    });
    const [{ readWrittenSettings }, check] = await Promise.all([
      import('../../adapters/settings/written-settings.ts'),
      schemaCheck('settings'),
    ]);
    const isNamed = named !== undefined;
    const { problems, ...read } = readWrittenSettings({ file, text, named: isNamed }, check);
    return { file: { file, named: isNamed, cwd: io.cwd, ...read }, problems };
  } catch (error) {
    if (!(error instanceof GrantdError)) throw error;
    const where = typeof flag === 'string' ? '--settings' : variable ? SETTINGS_FILE_VARIABLE : file;
    return { file: null, problems: [{ where, message: error.message, remedy: error.remedy }] };
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
