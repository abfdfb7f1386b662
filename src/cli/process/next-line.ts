import { shellWord } from '../../core/domain/text/text.ts';
import type { Call } from '../line/command.ts';

/** The command to run next, with the policy as this call named it: to be copied into a shell. */
export function nextLine({ flags }: Pick<Call, 'flags'>, command: string, ...words: readonly string[]): string {
  const policy = flags.get('policy');
  return ['grantd', command, ...(typeof policy === 'string' ? [policy] : []), ...words].map(shellWord).join(' ');
}
