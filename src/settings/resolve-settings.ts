import { dirname, isAbsolute, join } from 'node:path';
import type { Environment } from './environment.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { flagOf, SETTINGS, type SettingKey, type Settings, variableOf } from './settings-table.ts';
import type { SettingsFile, WrittenSetting } from './written-settings.ts';

export interface SettingsSources {
  /** As given on the command line. */
  readonly flags: ReadonlyMap<SettingKey, string>;
  readonly env: Environment;
  /** Null where there is no settings file. */
  readonly file:
    | (Pick<SettingsFile, 'file' | 'named'> & { readonly written: ReadonlyMap<SettingKey, WrittenSetting> })
    | null;
}

export type ResolvedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Flags beat variables, variables beat the file, the file beats the defaults. Every value is judged, also one that is
 * beaten: a wrong one that lies in wait would only be met on the day it counts.
 */
export function resolveSettings(sources: SettingsSources): ResolvedSettings {
  const problems: SettingsProblem[] = [];
  const settings: Settings = {
    policy: read('policy'),
    apiUrl: read('apiUrl'),
    apiPaths: read('apiPaths'),
    apiAuth: read('apiAuth'),
    requestTimeoutMs: read('requestTimeoutMs'),
    concurrency: read('concurrency'),
    rowsPerPut: read('rowsPerPut'),
  };
  problems.push(...foundAddress(sources));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };

  function read<K extends SettingKey>(key: K): Settings[K] {
    const values = spellingsOf(key, sources).flatMap((spelling) => {
      const found = SETTINGS[key].kind.read(spelling.text);
      if ('value' in found) return [found.value];
      problems.push({ where: spelling.where, message: `${key} ${found.misfit}`, remedy: found.remedy });
      return [];
    });
    return values[0] ?? SETTINGS[key].default;
  }
}

/** The spellings of one setting, the strongest first. An empty variable is one that is not set. */
function spellingsOf(key: SettingKey, { flags, env, file }: SettingsSources): readonly WrittenSetting[] {
  const flag = flags.get(key);
  const variable = env[variableOf(key)];
  const written = file?.written.get(key);
  return [
    ...(flag === undefined ? [] : [{ text: flag, where: flagOf(key) }]),
    ...(variable === undefined || variable === '' ? [] : [{ text: variable, where: variableOf(key) }]),
    ...(file && written ? [key === 'policy' ? besideFile(written, file.file) : written] : []),
  ];
}

/** A path in a settings file is meant from where that file is, wherever grantd is started. */
function besideFile(written: WrittenSetting, file: string): WrittenSetting {
  const { text } = written;
  return text === '-' || isAbsolute(text) ? written : { ...written, text: join(dirname(file), text) };
}

/** A file that nobody named may come with a pull request; it must not choose where the token is sent. */
function foundAddress({ file }: SettingsSources): readonly SettingsProblem[] {
  const written = file?.named === false ? file.written.get('apiUrl') : undefined;
  if (!file || !written) return [];
  return [
    {
      where: written.where,
      message: 'apiUrl decides where the token is sent, and this file was found, not named',
      remedy: `name the file with --settings ${file.file}, or set ${variableOf('apiUrl')} instead`,
    },
  ];
}
