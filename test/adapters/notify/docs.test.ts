import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { NOTIFICATION_KINDS } from '../../../src/adapters/notify/notification.ts';
import { postOf } from '../../../src/adapters/notify/target.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { busyWorld } from '../../report/worlds.ts';
import { skippedFor } from '../../support/skipped-for.ts';
import { busyPlan } from '../log/support/events.ts';
import { reportedOf } from './support/notified.ts';
import { left, wrote } from './support/runs.ts';

const PAGE = readFileSync(new URL('../../../docs/notifications.md', import.meta.url), 'utf8');
const SECRET = 'a secret of the page';
const folder = mkdtempSync(join(tmpdir(), 'grantd-notify-'));
const HAS_OPENSSL = spawnSync('sh', ['-c', 'openssl version']).status === 0;
afterAll(() => rmSync(folder, { recursive: true }));

function blocks(language: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => `${text}`);
}

/** What is sent of an event whose marks are those of the page. */
function sent(kind: 'webhook' | 'slack', event: DaemonEvent) {
  const told = {
    ...event,
    policy: 'policy.yaml',
    runId: 'e2c4a3f0-6a6e-4f0b-8f56-0d9a1d8a4f11',
    trigger: 'file',
  } as DaemonEvent;
  const [notification] = reportedOf([told], () => Date.parse('2026-11-24T04:00:01.482Z')).notifications;
  if (!notification) throw new Error('nothing is told');
  const url = () => 'https://example.com';
  const target = kind === 'slack' ? ({ kind, url } as const) : ({ kind, url, secret: () => SECRET } as const);
  const request = { id: 'd5b4c1b6-3a55-4a37-9d51-3a2f0a6f8f0e', source: 'grantd', notification };
  const packed = postOf(target, request);
  if ('misfit' in packed) throw new Error(packed.misfit);
  return packed;
}

function applied() {
  const limits = { newAdmins: 1, revokes: { principals: 100, percent: 100 } };
  const change = busyWorld({ limits }).plan.changes.find(({ kind }) => kind === 'create');
  const event = wrote('complete', ['applied']);
  if (!change || event.kind !== 'run.ended' || event.result?.kind !== 'written') throw new Error('no change');
  const auditHash = '5d0c4f6e0f2f0b7d1f7c2f1c3b3f6a5f2d1f5c0f9a8b7c6d5e4f3a2b1c0d9e8f';
  const outcomes = event.result.outcomes.map((outcome) => ({ ...outcome, change, auditHash }));
  return sent('webhook', { ...event, result: { ...event.result, outcomes } });
}

test('the page has a row for every kind, and no other', () => {
  const rows = [...PAGE.matchAll(/^\| `([a-z]+\.[a-z]+)` \|/gm)].map(([, kind]) => `${kind}`);
  expect(rows.sort()).toEqual(Object.keys(NOTIFICATION_KINDS).sort());
});

test('the event of the page is what is sent', () => {
  const [shown = ''] = blocks('json');
  expect(JSON.parse(shown)).toEqual(JSON.parse(applied().body));
  expect(Object.keys(JSON.parse(shown).data)).toEqual(Object.keys(JSON.parse(applied().body).data));
});

test('the message of the page is what Slack gets', () => {
  const body = JSON.parse(sent('slack', left('held', busyPlan())).body);
  expect(blocks('text')).toEqual([`${body.text}\n`]);
});

describe('a signature is proved', () => {
  const { body, headers } = applied();
  const signature = `${headers['X-Signature']}`;

  test('by the code of the page', async () => {
    const file = join(folder, 'signed.mjs');
    writeFileSync(file, blocks('js').join('\n'));
    const { isSigned } = await import(pathToFileURL(file).href);
    expect(isSigned(Buffer.from(body), signature, SECRET)).toBe(true);
    expect(isSigned(Buffer.from(`${body} `), signature, SECRET)).toBe(false);
    expect(isSigned(Buffer.from(body), signature, 'another')).toBe(false);
    expect(isSigned(Buffer.from(body), undefined, SECRET)).toBe(false);
  });

  test('by the line of the page', skippedFor(HAS_OPENSSL ? null : 'there is no openssl'), () => {
    writeFileSync(join(folder, 'webhook-secret'), `${SECRET}\n`);
    writeFileSync(join(folder, 'body.json'), body);
    const line = blocks('sh').find((block) => block.startsWith('openssl')) ?? 'false';
    const { stdout, stderr } = spawnSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' });
    expect(`sha256=${stdout.split(' ')[0]}`, stderr).toBe(signature);
  });
});
