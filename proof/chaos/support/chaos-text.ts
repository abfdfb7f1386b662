import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import { likelyValid, policyYaml } from '../../../test/property/policy-yaml.ts';
import { NOW } from '../../../test/support/arbitrary/policy.ts';

const DAY_MS = 86_400_000;
/** From the beginning of the day that random worlds are about to the beginning of a course, at noon. */
const TO_NOON_MS = DAY_MS / 2;
const SOON_MS = 20 * 60_000;

export interface Limits {
  readonly principals: number;
  readonly percent: number;
  readonly gains: number;
  readonly newAdmins: number;
  readonly admins: number;
}

/** The text of a random policy, as somebody would save it during a course. */
export function chaosText(policy: Policy, { principals, percent, gains, newAdmins, admins }: Limits): string {
  const grants = policy.grants.map((grant) => ({ ...grant, from: nearer(grant.from), until: nearer(grant.until) }));
  const text = policyYaml(likelyValid({ ...policy, grants }), 'flow').replace(
    /^limits: .*$/m,
    `limits: { revokes: { principals: ${principals}, percent: ${percent} }, gains: { principals: ${gains} }, admins: ${admins}, newAdmins: ${newAdmins} }`,
  );
  // A person may be ignored, but then not named in `ends`.
  if (policy.ends.length > 0 || policy.ignore.people.length === 0) return text;
  const people = policy.ignore.people.map(({ pattern }) => JSON.stringify(pattern.text)).join(', ');
  return text.replace(/^ignore: \[/m, (head) => `${head}${people}, `);
}

/** The same text with other approvals. */
export function approving(text: string, digests: readonly string[], until: number): string {
  const without = text.replace(/^approvals:.*\n/gm, '');
  const moment = new Date(until).toISOString().replace(/\.\d+Z$/, 'Z');
  const line = `approvals: [{ digests: ${JSON.stringify(digests)}, until: ${moment} }]\n`;
  return digests.length === 0 ? without : without.replace(/^paused: /m, (last) => `${line}${last}`);
}

/** A day before and after are minutes before and after, so that moments come while somebody watches. */
function nearer<T extends { readonly at: number } | null>(moment: T): T {
  if (moment === null || Math.abs(moment.at - NOW) !== DAY_MS) return moment;
  return { ...moment, at: NOW + TO_NOON_MS + Math.sign(moment.at - NOW) * SOON_MS };
}
