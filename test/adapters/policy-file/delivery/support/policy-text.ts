import { createHash } from 'node:crypto';

/** The last line of every policy: a text without it was cut off. */
export const LAST_LINE = 'paused: false\n';

/** A valid policy, another one for each number, and all of the same size. */
export function policyText(number: number): string {
  const mark = String(number).padStart(6, '0');
  const filler = Array.from({ length: 40 }, (_, line) => `# ${mark} line ${String(line).padStart(2, '0')}\n`).join('');
  return `version: 1\naccount: 3229\nmode: observe\nunlisted: keep\nprotected: []\nlimits: { revokes: { principals: 5, percent: 20 }, admins: 2 }\n${filler}grants: []\n${LAST_LINE}`;
}

/** A valid policy that gives Ann another level with each number. */
export function grantingText(account: number, number: number): string {
  const level = levelOf(number) === 100 ? 'admin' : 'viewer';
  return `# ${String(number).padStart(6, '0')}
version: 1
account: ${account}
mode: authoritative
unlisted: keep
protected: [owner@example.com]
limits: { revokes: { principals: 5, percent: 100 }, admins: 1 }
grants:
  - { to: ann@example.com, resource: "project:Web", level: ${level} }
${LAST_LINE}`;
}

/** The level that the text with this number gives, as the API counts it. */
export function levelOf(number: number): number {
  return number % 2 === 0 ? 100 : 10;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A made-up commit that holds just this text. */
export function commitOfText(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
