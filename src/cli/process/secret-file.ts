import { resolve } from 'node:path';
import { fileToken } from '../../adapters/settings/token.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { InvalidSettings } from '../line/errors.ts';

/**
 * The secret in the file that a setting names, read again at each use; null without the setting. It is removed from all
 * output. Throws `InvalidSettings` if the file contains none.
 */
export function secretFile(
  { io, secrets, paint }: Pick<CallContext, 'io' | 'secrets' | 'paint'>,
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
