import { entryFor, judgeAccounts, secondTokens } from './accounts.ts';
import type { Environment } from './environment.ts';
import type { SettingsProblem } from './settings-problem.ts';
import type { AccountEntry } from './settings-table.ts';
import { flagOf, SETTING_KEYS, SETTINGS, type SettingKey, type Settings, variableOf } from './settings-table.ts';
import type { SettingsFile, WrittenAccount, WrittenSetting } from './written-settings.ts';
import { besideFile } from './written-settings.ts';

/** The sources of settings: the command line, the environment and the settings file. */
export interface SettingsSources {
  /** As given on the command line. */
  readonly flags: ReadonlyMap<SettingKey, string>;
  readonly env: Environment;
  /** Null if there is no settings file. */
  readonly file:
    | (Pick<SettingsFile, 'file' | 'named'> & {
        /** Where grantd was started. */
        readonly cwd: string;
        readonly written: ReadonlyMap<SettingKey, WrittenSetting>;
        readonly accounts: readonly WrittenAccount[] | null;
      })
    | null;
}

/** The source of each setting that is not a default: a flag, a variable, or `file:line:column`. */
export type Origins = ReadonlyMap<SettingKey, string>;

/** All settings with their sources, or every problem. */
export type ResolvedSettings =
  | { readonly ok: true; readonly settings: Settings; readonly origins: Origins }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Flags override variables, variables override the file, and the file overrides the defaults. Overridden values are judged
 * as well: otherwise a wrong value would only be found on the day it counts.
 */
export function resolveSettings(sources: SettingsSources): ResolvedSettings {
  const problems: SettingsProblem[] = [];
  const origins = new Map<SettingKey, string>();
  const values = SETTING_KEYS.map((key) => [key, read(key)] as const);
  const judged = accountsOf(sources);
  problems.push(...fromFoundFile(sources), ...judged.problems);
  if (problems.length > 0) return { ok: false, problems };
  // Each value was read by the kind that the table has for its key, or is its default.
  const settings = { ...Object.fromEntries(values), accounts: judged.entries } as unknown as Settings;
  return { ok: true, settings, origins };

  function read(key: SettingKey): unknown {
    const found = spellingsOf(key, sources).flatMap(({ text, where }) => {
      const value = SETTINGS[key].kind.read(text);
      if ('value' in value) return [{ value: value.value, where }];
      problems.push({ where, message: `${key} ${value.misfit}`, remedy: value.remedy });
      return [];
    });
    if (found[0]) origins.set(key, found[0].where);
    return found[0] ? found[0].value : SETTINGS[key].default;
  }
}

/** The checks of written values that need packages that are slow to load. Defaults need no check. */
export async function examineSettings(sources: SettingsSources): Promise<readonly SettingsProblem[]> {
  const problems: SettingsProblem[] = [];
  for (const key of SETTING_KEYS) {
    const { kind, default: fallback } = SETTINGS[key];
    for (const { text, where } of spellingsOf(key, sources)) {
      if (text === fallback || !('value' in kind.read(text))) continue;
      const wrong = await kind.examine?.(text);
      if (wrong) problems.push({ where, message: `${key} ${wrong.misfit}`, remedy: wrong.remedy });
    }
  }
  return problems;
}

/** The written values of one setting, the strongest first. An empty variable counts as not set. */
function spellingsOf(key: SettingKey, { flags, env, file }: SettingsSources): readonly WrittenSetting[] {
  const flag = flags.get(key);
  const variable = env[variableOf(key)];
  const written = file?.written.get(key);
  const { isPath } = SETTINGS[key].kind;
  return [
    ...(flag === undefined ? [] : [{ text: flag, where: flagOf(key) }]),
    ...(variable === undefined || variable === '' ? [] : [{ text: variable, where: variableOf(key) }]),
    ...(file && written ? [isPath ? { ...written, text: besideFile(written.text, file.file) } : written] : []),
  ];
}

/** A file that grantd found by itself may come with a pull request. It must not decide where secrets, files and events go. */
function fromFoundFile({ file }: SettingsSources): readonly SettingsProblem[] {
  if (!file || file.named) return [];
  return SETTING_KEYS.flatMap((key) => {
    const written = file.written.get(key);
    const why = SETTINGS[key].needsNamedFile;
    if (!written || why === undefined) return [];
    const message = `${key} ${why}, and grantd found this file by itself`;
    return [
      {
        where: written.where,
        message,
        remedy: `name the file with --settings ${file.file}, or set ${variableOf(key)} instead`,
      },
    ];
  });
}

interface Accounts {
  readonly entries: readonly AccountEntry[] | null;
  readonly problems: readonly SettingsProblem[];
}

/**
 * The accounts of this call. A policy flag chooses the entry with that policy. If there is none, the policy is used with the
 * token of the environment, and the accounts of the file do not count.
 */
function accountsOf(sources: SettingsSources): Accounts {
  const { flags, env, file } = sources;
  if (!file?.accounts) return { entries: null, problems: [] };
  const { entries, problems } = judgeAccounts({
    ...file,
    accounts: file.accounts,
    policies: spellingsOf('policy', { ...sources, flags: new Map() }),
    auditLog: spellingsOf('auditLog', sources)[0] ?? null,
    mailtrapSecret: spellingsOf('mailtrapWebhookSecretFile', sources)[0] ?? null,
  });
  const chosen = flags.get('policy');
  const entry = chosen === undefined ? undefined : entryFor(entries, chosen, file.cwd);
  if (chosen !== undefined && !entry) return { entries: null, problems };
  return { entries: entry ? [entry] : entries, problems: [...problems, ...secondTokens(env, file.file)] };
}
