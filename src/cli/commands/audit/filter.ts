import type { AuditEntry } from '../../../adapters/audit/audit-entries.ts';
import type { AuditPrincipalJson } from '../../../adapters/audit/audit-record.ts';
import { nameOf, type PrincipalName, principalNameText } from '../../../core/domain/account/principal.ts';
import { type Instant, instantText } from '../../../core/domain/text/instant.ts';
import { parseMoment, parseWho } from '../../line/parse-question.ts';
import type { AuditCall } from './spec.ts';

/** Which entries the flags of a call ask for. Throws `UsageError` for a flag that cannot be read. */
export function askedEntries(call: AuditCall): (entry: AuditEntry) => boolean {
  const { who, run } = call.flags;
  const { since, until } = windowOf(call);
  const asked = who === undefined ? null : principalNameText(askedName(who));
  return (entry) => {
    const at = Date.parse(timeOf(entry));
    if (at < since || at >= until) return false;
    if (entry.kind === 'repaired') return who === undefined && run === undefined;
    const runId = entry.kind === 'put' ? entry.intent.runId : entry.end.runId;
    if (run !== undefined && run !== runId) return false;
    return asked === null || (entry.intent !== null && principalNameText(nameOf(entry.intent.principal)) === asked);
  };
}

/** The log contains a token by whatever name it had. An e-mail is one that a policy could contain. */
function askedName(who: string): PrincipalName {
  return /^token:./.test(who) ? { token: who.slice('token:'.length) } : parseWho(who, '--who');
}

/** What the flags ask for, to end a sentence with: `of ann@example.com in run run-7`. Empty if they ask for everything. */
export function askedText(call: AuditCall, whose: 'of' | 'from' = 'of'): string {
  const { who, run } = call.flags;
  const { since, until } = windowOf(call);
  const words = [
    who === undefined ? [] : [`${whose} ${who}`],
    run === undefined ? [] : [`in run ${run}`],
    Number.isFinite(since) ? [`since ${instantText(since)}`] : [],
    Number.isFinite(until) ? [`before ${instantText(until)}`] : [],
  ];
  return words.flat().join(' ');
}

function timeOf(entry: AuditEntry): string {
  if (entry.kind === 'repaired') return entry.repaired.time;
  return entry.kind === 'put' ? entry.intent.time : entry.end.time;
}

/** A principal as a policy names it: an e-mail, or `token:NAME`. */
export function whoText(principal: AuditPrincipalJson): string {
  return principal.kind === 'token' ? `token:${principal.name}` : principal.email;
}

/** `until` is the first moment that does not count. */
function windowOf({ flags }: AuditCall): { readonly since: Instant; readonly until: Instant } {
  return {
    since: flags.since === undefined ? Number.NEGATIVE_INFINITY : parseMoment('--since', flags.since),
    until: flags.until === undefined ? Number.POSITIVE_INFINITY : parseMoment('--until', flags.until, 'end'),
  };
}
