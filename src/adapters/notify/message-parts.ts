import { levelName } from '../../core/domain/account/access-level.ts';
import { principalText } from '../../core/domain/account/principal.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change, HeldPart, Unlisted } from '../../core/domain/plan/plan.ts';
import type { Origin, RunMark } from '../../core/domain/run/daemon-event.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { Problem } from '../../core/domain/text/problem.ts';
import {
  MESSAGE_VERSION,
  type Message,
  type MessageChange,
  type MessageData,
  type MessageHeld,
  type MessageKind,
  type MessageProblem,
  type MessageUnlisted,
  type Severity,
} from './message.ts';

/** Most things that one message tells one by one. */
export const ITEMS_MOST = 100;

const TEXT_CHARACTERS_MOST = 300;

type Extras = Partial<Omit<MessageData, 'version' | 'kind' | 'severity' | 'summary' | 'policy' | 'account'>>;

/** A message of one account, with every key that a message has. */
export function messageOf(
  about: Origin | RunMark,
  at: Instant,
  kind: MessageKind,
  severity: Severity,
  summary: string,
  { remedy = null, ...extras }: Extras = {},
): Message {
  const { policy, account } = about;
  const run = 'runId' in about ? { runId: about.runId, trigger: about.trigger } : null;
  const revision = 'revision' in about ? { sha256: about.revision.sha256, commit: about.revision.commit } : null;
  return {
    at,
    data: {
      version: MESSAGE_VERSION,
      kind,
      severity,
      policy,
      account,
      summary: boundedText(summary),
      remedy: remedy === null ? null : boundedText(remedy),
      run,
      revision,
      count: 0,
      changes: [],
      held: [],
      unlisted: [],
      problems: [],
      error: null,
      expiresAt: null,
      ...extras,
    },
  };
}

export function changeItem(
  { kind, principal, access, resource, before, after }: Change,
  more: Partial<Pick<MessageChange, 'auditHash' | 'hasBeenInPlace'>> = {},
): MessageChange {
  return {
    kind,
    principal: boundedText(principalText(principal)),
    access,
    resource: resourceKey(resource),
    label: boundedText(resource.label),
    before: levelName(before),
    after: levelName(after),
    auditHash: null,
    hasBeenInPlace: null,
    ...more,
  };
}

export function heldItem({ digest, principal, rules, changes, approve }: HeldPart): MessageHeld {
  return { digest, principal: boundedText(principalText(principal)), rules, changes: changes.length, approve };
}

export function unlistedItem({ principal, access, rows }: Unlisted): MessageUnlisted {
  return { principal: boundedText(principalText(principal)), access, rows: rows.length };
}

export function problemItem({ code, message, remedy, at }: Problem): MessageProblem {
  const { file, line, column } = at;
  return { code, file, line, column, message: boundedText(message), remedy: boundedText(remedy) };
}

export function errorExtras({ code, message, remedy }: GrantdError): Pick<MessageData, 'error' | 'remedy'> {
  return { error: { code, message: boundedText(message) }, remedy };
}

/** `1 change`, `2 changes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Names come from policies and from the API, and may be of any length. */
export function boundedText(text: string): string {
  if (text.length <= TEXT_CHARACTERS_MOST) return text;
  // Half of a pair of surrogates is no character.
  return `${text.slice(0, TEXT_CHARACTERS_MOST).replace(/[\ud800-\udbff]$/, '')}…`;
}
