import { expect, test } from 'vitest';
import { slackBody } from '../../../src/adapters/notify/slack-body.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { busyPlan, everyEvent, NOW, ORIGIN } from '../log/support/events.ts';
import { reportedOf } from './support/notified.ts';
import { failed, left, wrote } from './support/runs.ts';

function bodyOf(...events: readonly DaemonEvent[]): Readonly<Record<string, unknown>> {
  const last = reportedOf(events, () => NOW).notifications.at(-1);
  return JSON.parse(last === undefined ? '{}' : slackBody(last));
}

const textOf = (...events: readonly DaemonEvent[]) => String(bodyOf(...events)['text']);

test('a body is a text with formatting, links and pictures switched off', () => {
  expect(bodyOf(failed())).toEqual({
    text: expect.any(String),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  });
});

test('a failure says what, what to do, and where to look', () => {
  expect(textOf(failed())).toBe(
    [
      'grantd, account 3229, error: a run failed, and grantd will retry it',
      'api-timeout: no whole answer within 30 s',
      'What to do: look at the network',
      'policies/acme.yaml, git:c0c0c0c0c0c0, run 01JD0000000000000000000000',
    ].join('\n'),
  );
});

test('ten changes are listed, the rest is counted', () => {
  const lines = textOf(
    wrote(
      'complete',
      Array.from({ length: 12 }, () => 'applied'),
    ),
  ).split('\n');
  expect(lines[0]).toBe('grantd, account 3229, info: 12 changes written and seen in place');
  expect(lines.filter((line) => line.startsWith('• '))).toHaveLength(10);
  expect(lines[11]).toBe('and 2 more');
  expect(
    textOf(
      wrote(
        'complete',
        Array.from({ length: 10 }, () => 'applied'),
      ),
    ),
  ).not.toContain('more');
});

test('a hold names whom, the rule, the line that approves it, and then the command', () => {
  const plan = { ...busyPlan(), deferred: [], unresolved: [] };
  const approve = plan.held[0]?.approve;
  const line = `- { digests: ["${plan.held[0]?.digest}"], until: ${plan.held[0]?.approvalUntil} }`;
  expect(textOf(left('held', plan))).toContain(
    `1 held by admin-limit, to approve, add under approvals: in the policy: ${line} (or for one run: ${approve})\n`,
  );
});

test('what was approved names whom, by whom and which digest, in the event too', () => {
  const plan = busyPlan();
  const [part] = plan.held;
  if (part === undefined) throw new Error('nothing is held');
  const by = { kind: 'by-hand', user: 'root' } as const;
  const event = wrote('complete', ['applied']) as Extract<DaemonEvent, { readonly kind: 'run.ended' }>;
  const { result } = event;
  if (result?.kind !== 'written') throw new Error('nothing was written');
  const changes = result.outcomes.map(({ change }) => change);
  const approved = [{ ...part, changes, by, isBegun: false }];
  const one = { ...event, result: { ...result, plan: { ...result.plan, approved } } };
  const who = reportedOf([one], () => NOW).notifications.at(-1)?.data.approved;
  expect(who).toMatchObject([{ digest: part.digest, changes: 1, by: 'root, with --approve' }]);
  expect(textOf(one)).toContain(`\n${who?.[0]?.principal}: approved by root, with --approve (${part.digest})\n`);
});

test('what waits names whom, on what, and for what', () => {
  const plan = { ...busyPlan(), held: [], refusals: [] };
  const { waitsFor, reason, change } = plan.deferred[0] ?? {};
  expect(textOf(left('deferred', plan))).toContain(`: ${change?.resource.label}, `);
  expect(textOf(left('deferred', plan))).toContain(`, waits for ${waitsFor} (${reason})\n`);
});

test('without an account the policy file stands for it', () => {
  expect(textOf({ ...failed(), account: null } as DaemonEvent)).toMatch(/^grantd, policies\/acme\.yaml, error: /);
});

test('nobody is mentioned, linked or reordered by a name, and nothing in one is hidden (case I20)', () => {
  const change = wrote('complete', ['applied']);
  const hostile = '<!channel> <@U123> &lt; *b* \u202e\u001b[31m\nx\u200b\u2060\u3164\u{e0041}\u00a0y';
  const event = JSON.parse(JSON.stringify(change).replaceAll('@example.com', JSON.stringify(hostile).slice(1, -1)));
  const text = textOf(event as DaemonEvent);
  expect(text).toContain(
    '&lt;!channel&gt; &lt;@U123&gt; &amp;lt; *b* \\u{202e}\\u{1b}[31m\\u{a}x\\u{200b}\\u{2060}\\u{3164}\\u{e0041}\\u{a0}y',
  );
  expect(text.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
});

test('a text stays below what Slack cuts at, whatever the names are', () => {
  for (const event of everyEvent('<&>'.repeat(50_000))) {
    for (const message of reportedOf([event], () => NOW).notifications) {
      expect(JSON.parse(slackBody(message)).text.length, ORIGIN.policy).toBeLessThan(40_000);
    }
  }
});
