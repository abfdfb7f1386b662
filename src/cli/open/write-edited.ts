import { realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { changedTexts } from '../../core/document/edit-policy.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { CallContext } from '../line/command.ts';
import { requireFileOrNothing, writeOutputFile } from '../process/write-output-file.ts';
import { checkPolicy } from './policy.ts';

/**
 * Writes the files of the call's policy that an edit changed, each where it was read: included files are beside the real root file. It
 * writes none if one was saved since the policy had the revision `sha256`, or is no ordinary file. Throws `file-unwritable`.
 */
export async function writeEdited(
  call: CallContext,
  sha256: string,
  changed: ReturnType<typeof changedTexts>,
): Promise<void> {
  const { cwd } = call.io;
  const root = call.settings.policy;
  const now = await checkPolicy(call);
  if (now.revision.sha256 !== sha256) {
    throw new GrantdError(
      'file-unwritable',
      `${root} changed in the meantime, so grantd did not write it`,
      'run the command again',
    );
  }
  const directory = dirname(await realpath(resolve(cwd, root)));
  const files = changed.map(({ path, text }) => ({ file: path === null ? root : join(directory, path), text }));
  for (const { file } of files) await requireFileOrNothing(resolve(cwd, file), file);
  for (const { file, text } of files) {
    const { mode } = await stat(resolve(cwd, file));
    await writeOutputFile(cwd, file, text, mode & 0o777);
  }
}
