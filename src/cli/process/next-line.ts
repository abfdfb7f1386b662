import { shellWord } from '../../core/domain/text/text.ts';
import type { CallContext } from '../line/command.ts';

/** The command to run next, with the policy as this call named it. The user can copy it into a shell. */
export function nextLine(
  { namedPolicy }: Pick<CallContext, 'namedPolicy'>,
  command: string,
  ...words: readonly string[]
): string {
  return ['grantd', command, ...(namedPolicy === null ? [] : [namedPolicy]), ...words].map(shellWord).join(' ');
}
