import { revisionText } from '../../core/domain/policy/revision.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import type { Notification, NotificationChange, NotificationData, NotificationHeld } from './notification.ts';

/** How many lines of one list are shown; the rest is counted. */
const LINES_MOST = 10;

/** Slack cuts at 40 000 characters, and an escaped character takes up to five. */
const CHARACTERS_MOST = 8_000;

/** The body for a Slack incoming webhook. Formatting and previews are off, so a name appears as it is, whatever it contains. */
export function slackBody(notification: Notification): string {
  return JSON.stringify({ text: slackText(notification), mrkdwn: false, unfurl_links: false, unfurl_media: false });
}

function slackText({ data }: Notification): string {
  const items = itemLines(data);
  const shown = items.slice(0, LINES_MOST);
  const more = data.count - shown.length;
  const lines = [
    `grantd, ${data.account === null ? data.policy : `account ${data.account}`}, ${data.severity}: ${data.summary}`,
    ...shown.map((line) => `• ${line}`),
    ...(items.length > 0 && more > 0 ? [`and ${more} more`] : []),
    ...approvedLines(data),
    ...(data.error === null ? [] : [`${data.error.code}: ${data.error.message}`]),
    ...(data.expiresAt === null ? [] : [`expires ${data.expiresAt}`]),
    ...(data.remedy === null ? [] : [`What to do: ${data.remedy}`]),
    footer(data),
  ];
  return escaped(lines.map(visibleText).join('\n').slice(0, CHARACTERS_MOST));
}

function itemLines({ changes, held, deferred, unlisted, ends, problems }: NotificationData): readonly string[] {
  return [
    ...changes.map(changeLine),
    ...held.map(
      (part) => `${part.principal}: ${part.changes} held by ${part.rules.join(', ')}, ${waysToApprove(part)}`,
    ),
    ...deferred.map(
      ({ principal, label, before, after, reason, waitsFor }) =>
        `${principal}: ${label}, ${before} to ${after}, waits for ${waitsFor} (${reason})`,
    ),
    ...unlisted.map(({ principal, rows }) => `${principal}: ${rows} ${rows === 1 ? 'row' : 'rows'}`),
    ...ends.map(
      ({ principal, endsAt, access, file, line }) =>
        `${principal}: ${access.length === 0 ? 'all access' : access.join(', ')} ends at ${endsAt} (${file}:${line})`,
    ),
    ...problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`),
  ];
}

function waysToApprove({ approvalLine, approve }: NotificationHeld): string {
  if (approvalLine === null) return 'cannot be approved';
  const once = approve === null ? '' : ` (or for one run: ${approve})`;
  return `to approve, add under approvals: in the policy: ${approvalLine}${once}`;
}

function changeLine({ principal, label, before, after, hasBeenInPlace }: NotificationChange): string {
  const seen = hasBeenInPlace === null ? '' : hasBeenInPlace ? ' (had been in place)' : ' (never seen in place)';
  return `${principal}: ${label}, ${before} to ${after}${seen}`;
}

function approvedLines({ approved }: NotificationData): readonly string[] {
  return approved
    .slice(0, LINES_MOST)
    .map(({ principal, by, digest }) => `${principal}: approved by ${by} (${digest})`);
}

function footer({ policy, revision, run }: NotificationData): string {
  const parts = [policy, ...(revision ? [revisionText(revision)] : []), ...(run ? [`run ${run.runId}`] : [])];
  return parts.join(', ');
}

/** Escapes the three characters with a meaning in Slack, so that a name mentions no one. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
