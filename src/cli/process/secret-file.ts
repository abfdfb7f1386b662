import { resolve } from 'node:path';
import { fileToken } from '../../adapters/settings/token.ts';
import { warningText } from '../../report/problems/text.ts';
import type { Call } from '../line/command.ts';
import { InvalidSettings } from '../line/invalid-settings.ts';

/**
 * A secret that a setting names the file of, read anew at each use; null where the setting says nothing. What was read is
 * kept out of all output. Throws `InvalidSettings` where the file holds none.
 */
export function secretFile(
  { io, secrets, paint }: Pick<Call, 'io' | 'secrets' | 'paint'>,
  file: string | null,
  setting: string,
  noun: string,
): (() => string) | null {
  if (file === null) return null;
  const found = fileToken(resolve(io.cwd, file), `${setting} (${file})`, noun);
  if (!found.ok) throw new InvalidSettings(found.problems);
  for (const { where, message, remedy } of found.warnings) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
  const read = () => {
    const secret = found.token();
    secrets.add(secret);
    return secret;
  };
  read();
  return read;
}
