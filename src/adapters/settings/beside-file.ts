import { dirname, isAbsolute, join } from 'node:path';

/** A path in a settings file is meant from where that file is, wherever grantd is started. */
export function besideFile(path: string, file: string): string {
  return path === '-' || isAbsolute(path) ? path : join(dirname(file), path);
}
