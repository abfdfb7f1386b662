import { visibleText } from '../domain/text.ts';
import type { Call } from './command-spec.ts';

/** The command to run next, with the policy as this call named it: to be copied into a shell. */
export function nextLine({ flags }: Pick<Call, 'flags'>, command: string, ...words: readonly string[]): string {
  const policy = flags.get('policy');
  return ['grantd', command, ...(typeof policy === 'string' ? [policy] : []), ...words].map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${visibleText(word).replaceAll("'", "'\\''")}'`;
}
