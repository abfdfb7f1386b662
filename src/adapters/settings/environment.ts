import { didYouMean } from '../../core/document/suggest.ts';
import type { SettingsProblem } from './settings-problem.ts';
import { SETTING_KEYS, variableOf } from './settings-table.ts';

/** The environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names a settings file. It is no setting itself, since no settings file could say it. */
export const SETTINGS_FILE_VARIABLE = 'GRANTD_SETTINGS';

/** What Kubernetes adds to every pod beside a service that is called grantd. */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT(?:$|_[0-9]+_(?:TCP|UDP|SCTP)(?:_|$))/;

/** Warns of variables that look as if they were for grantd and that it does not read. */
export function unknownVariables(env: Environment): readonly SettingsProblem[] {
  const known = [SETTINGS_FILE_VARIABLE, ...SETTING_KEYS.map(variableOf)];
  return Object.keys(env)
    .filter((name) => name.startsWith('GRANTD_') && !known.includes(name) && !SERVICE_LINK.test(name))
    .sort()
    .map((name) => ({
      where: name,
      message: 'this variable is not known to this version, and is not read',
      remedy: didYouMean(name, known, `unset it; the known ones are ${known.join(', ')}`),
    }));
}
