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
import type { SettingKey, Settings } from '../../adapters/settings/settings-table.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { readInput } from '../process/read-input.ts';
import { schemaCheck } from '../process/schema-check.ts';
import type { CallContext } from './command.ts';
import { InvalidSettings } from './errors.ts';

/** grantd looks for it in the directory that it is started in. */
export const FOUND_SETTINGS_FILE = 'config/grantd.yaml';

/** A settings file has a handful of lines. */
const SETTINGS_BYTES_MAX = 65_536;

type ReadingContext = Pick<CallContext, 'io' | 'secrets'>;

/** What a command line says about settings. */
export interface GivenSettings {
  readonly values: ReadonlyMap<SettingKey, string>;
  /** The value of `--settings`. */
  readonly file: string | undefined;
}

/** All settings, and the source of each that is not a default. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Origins;
}

/** The settings from all their sources. Throws `InvalidSettings` with every problem of every source. */
export async function loadSettings(context: ReadingContext, given: GivenSettings): Promise<LoadedSettings> {
  const { file, problems } = await loadSettingsFile(context, given.file);
  const sources: SettingsSources = { flags: given.values, env: context.io.env, file };
  const resolved = resolveSettings(sources);
  const all = [...problems, ...(resolved.ok ? [] : resolved.problems), ...(await examineSettings(sources))];
  if (!resolved.ok || all.length > 0) throw new InvalidSettings(all);
  return resolved;
}

interface LoadedFile {
  readonly file: SettingsSources['file'];
  readonly problems: readonly SettingsProblem[];
}

async function loadSettingsFile(context: ReadingContext, flag: string | undefined): Promise<LoadedFile> {
  const { io } = context;
  const variable = io.env[SETTINGS_FILE_VARIABLE] || undefined;
  const named = flag ?? variable;
  const file = named ?? FOUND_SETTINGS_FILE;
  if (named === undefined && !(await exists(resolve(io.cwd, file)))) return { file: null, problems: [] };
  try {
    const { text } = await readInput(context, file, {
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
    const where = flag !== undefined ? '--settings' : variable ? SETTINGS_FILE_VARIABLE : file;
    return { file: null, problems: [{ where, message: error.message, remedy: error.remedy }] };
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
