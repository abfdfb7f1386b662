import { resolve } from 'node:path';
import type { SettingsProblem } from '../../adapters/settings/settings-problem.ts';
import { fileToken } from '../../adapters/settings/token.ts';
import type { Paint } from '../../report/layout/paint.ts';
import { warningText } from '../../report/problems/text.ts';
import type { CallContext } from '../line/command.ts';
import { InvalidSettings } from '../line/errors.ts';
import type { CliIo } from './io.ts';

type SecretCall = Pick<CallContext, 'io' | 'secrets' | 'paint'>;

/**
 * The secret in the file that a setting names, read again at each use; null without the setting. It is removed from all
 * output. Throws `InvalidSettings` if the file contains none.
 */
export function secretFile(call: SecretCall, file: string, setting: string, noun: string): () => string;
export function secretFile(call: SecretCall, file: string | null, setting: string, noun: string): (() => string) | null;
export function secretFile(
  { io, secrets, paint }: SecretCall,
  file: string | null,
  setting: string,
  noun: string,
): (() => string) | null {
  if (file === null) return null;
  const warn = settingsWarner(io, paint.stderr);
  const found = fileToken(resolve(io.cwd, file), `${setting} (${file})`, noun, warn);
  if (!found.ok) throw new InvalidSettings(found.problems);
  for (const warning of found.warnings) warn(warning);
  const read = () => {
    const secret = found.token();
    secrets.add(secret);
    return secret;
  };
  read();
  return read;
}

/** Prints a problem of the settings as a warning. */
export function settingsWarner({ stderr }: Pick<CliIo, 'stderr'>, paint: Paint): (problem: SettingsProblem) => void {
  return ({ where, message, remedy }) => stderr.write(warningText(`${where}: ${message}`, remedy, paint));
}
