import { shellWord } from '../../core/domain/text/text.ts';
import { commandLines } from '../../report/layout/fit.ts';
import type { Paint } from '../../report/layout/paint.ts';
import type { CallContext } from '../line/command.ts';

/** The command to run next, with the policy as this call named it. The user can copy it into a shell. */
export function nextLine(
  { namedPolicy }: Pick<CallContext, 'namedPolicy'>,
  command: string,
  ...words: readonly string[]
): string {
  return ['grantd', command, ...(namedPolicy === null ? [] : [namedPolicy]), ...words].map(shellWord).join(' ');
}

/** `Saved to plan.json. Next: grantd apply --plan plan.json`, as wide as the output. */
export function nextText(before: string, command: string, paint: Paint): string {
  return `${commandLines(`${before === '' ? '' : `${before} `}Next: `, command, paint).join('\n')}\n`;
}
