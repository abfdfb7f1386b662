import { didYouMean } from '../../core/document/suggest.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { SETTING_KEYS, variableOf } from './settings-table.ts';

/** The environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names the settings file. It is not a setting, because a settings file cannot contain it. */
export const SETTINGS_FILE_VARIABLE = 'GRANTD_SETTINGS';

/** The variables that Kubernetes adds to every pod next to a service called grantd. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT(?:$|_[0-9]+_(?:TCP|UDP|SCTP)(?:_|$))/;

/** What someone sets who takes grantd's prefix for that of the API token. */
const TOKEN_LIKE = /^GRANTD_(?:MAILTRAP_)?(?:API_)?TOKEN(?:_FILE)?$/;

/** Warnings about variables that start with GRANTD_ and that grantd does not read. */
export function unknownVariables(env: Environment): readonly SettingsProblem[] {
  const known = [SETTINGS_FILE_VARIABLE, ...SETTING_KEYS.map(variableOf)];
  return Object.keys(env)
    .filter((name) => name.startsWith('GRANTD_') && !known.includes(name) && !SERVICE_LINK.test(name))
    .sort()
    .map((name) => ({
      where: name,
      message: 'this version of grantd does not know this variable, and does not read it',
      remedy: TOKEN_LIKE.test(name)
        ? 'unset it; grantd reads the API token from MAILTRAP_API_TOKEN, or from the file in MAILTRAP_API_TOKEN_FILE'
        : didYouMean(name, known, 'unset it; grantd run --help lists the variables'),
    }));
}
