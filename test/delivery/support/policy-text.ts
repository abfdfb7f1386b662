import { createHash } from 'node:crypto';

/** The last line of every policy: a text without it was cut off. */
export const LAST_LINE = 'paused: false\n';

/** A valid policy, another one for each number, and all of the same size. */
export function policyText(number: number): string {
  const mark = String(number).padStart(6, '0');
  const filler = Array.from({ length: 40 }, (_, line) => `# ${mark} line ${String(line).padStart(2, '0')}\n`).join('');
  return `version: 1\naccount: 3229\nmode: observe\nprotected: []\nlimits: { revokes: { principals: 5, percent: 20 }, admins: 2 }\n${filler}grants: []\n${LAST_LINE}`;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A made-up commit that holds just this text. */
export function commitOfText(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
