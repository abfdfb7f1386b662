import type { GrantLevel } from '../../../src/core/domain/account/access-level.ts';
import type { Mode } from '../../../src/core/domain/policy/policy.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';
import { ACCOUNT } from '../../support/small-seed.ts';
import { TOKEN } from './small-account.ts';

const MINUTE_MS = 60_000;

/** A moment, in minutes from when the text is written. */
export type InMinutes = number | null;

export interface GrantDraft {
  readonly to: readonly string[];
  readonly resource: readonly string[];
  readonly level: GrantLevel;
  readonly except?: readonly string[];
  readonly from?: InMinutes;
  readonly until?: InMinutes;
}

/** A policy before it is written down, so that its moments lie around whenever that is. */
export interface PolicyDraft {
  readonly account?: number;
  readonly mode?: Mode;
  readonly unlisted?: 'keep' | 'revoke';
  /** Most who may lose anything in one run. Default: all. */
  readonly revokes?: number;
  /** Most who may gain anything in one run. Default: all. */
  readonly gains?: number;
  readonly newAdmins?: number;
  readonly ignore?: readonly string[];
  readonly ends?: Readonly<Record<string, number>>;
  readonly grants?: readonly GrantDraft[];
  /** Digests that are approved for a day. */
  readonly approves?: readonly string[];
  readonly paused?: boolean;
}

/** The text of a policy. */
export function draftText(draft: PolicyDraft, now: Instant): string {
  const { account = ACCOUNT, mode = 'authoritative', unlisted = 'keep' } = draft;
  const { revokes = 50, gains = 50, newAdmins = 50 } = draft;
  const at = (minutes: number) => new Date(Math.floor(now / MINUTE_MS + minutes) * MINUTE_MS).toISOString();
  const moment = (key: string, minutes: InMinutes | undefined) =>
    minutes === null || minutes === undefined ? '' : `, ${key}: ${at(minutes)}`;
  const list = (items: readonly string[]) => JSON.stringify(items);
  return [
    'version: 1',
    `account: ${account}`,
    `mode: ${mode}`,
    'protected: [owner@x.test, prot@x.test]',
    `limits: { revokes: { principals: ${revokes}, percent: 100 }, gains: { principals: ${gains} }, admins: 1, newAdmins: ${newAdmins} }`,
    `unlisted: ${mode === 'additive' ? 'keep' : unlisted}`,
    ...(draft.ignore ? [`ignore: ${list(draft.ignore)}`] : []),
    'groups: { crew: [ann@x.test, bob@x.test] }',
    ...Object.entries(draft.ends ?? {}).map(([email, minutes]) => `ends: { ${email}: ${at(minutes)} }`),
    `tokens: { ci: { access: ${TOKEN.access}, token: ${TOKEN.token} } }`,
    `grants:${(draft.grants ?? []).length === 0 ? ' []' : ''}`,
    ...(draft.grants ?? []).map(({ to, resource, level, except = [], from, until }) => {
      const without = except.length > 0 ? `, except: ${list(except)}` : '';
      return `  - { to: ${list(to)}, resource: ${list(resource)}, level: ${level}${without}${moment('from', from)}${moment('until', until)} }`;
    }),
    ...(draft.approves ? [`approvals: [{ digests: ${list(draft.approves)}, until: ${at(24 * 60)} }]`] : []),
    `paused: ${draft.paused ?? false}`,
    '',
  ].join('\n');
}
