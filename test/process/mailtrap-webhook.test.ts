import { createHmac } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { GIVING_POLICY, POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, logged, startDaemon } from './support/daemon.ts';

const [FIRST, SECOND] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];

function lineOf(name: string, resource?: object): string {
  const actor = { id: 7, type: 'user', name };
  return `${JSON.stringify({ event: 'activity_log.x', timestamp: Math.floor(Date.now() / 1000), actor, resource })}\n`;
}

async function post(address: string, body: string, secret: string, account = 3229): Promise<number> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const headers = { 'Mailtrap-Signature': signature, 'Content-Type': 'application/jsonl' };
  return (await fetch(`${address}/-/mailtrap/${account}`, { method: 'POST', body, headers })).status;
}

describe('a daemon with a secret for audit events', () => {
  it.each(['mailtrap', 'mailtrap-{account}'])(
    'in %s repairs what changed, and takes a new secret at once',
    async (name) => {
      const simulator = await simulate();
      const env = provenAt(simulator);
      const file = name.replace('{account}', '3229');
      const cwd = workplace({ 'policy.yaml': POLICY, [file]: `${FIRST}\n` });
      const daemon = startDaemon(['policy.yaml', '--mailtrap-webhook-secret-file', name], {
        cwd,
        env,
      });
      const address = await addressOf(daemon);
      expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete', trigger: 'start' });
      expect(await post(address, lineOf('Eve'), SECOND)).toBe(401);
      expect(await post(address, lineOf('Eve'), FIRST, 3230)).toBe(401);
      const who = 'erin@example.com';
      const [row] = simulator.state().accesses.find((one) => one.who === who)?.rows ?? [];
      if (row === undefined) throw new Error('Erin has no row');
      simulator.writeAsSomebodyElse({ act: 'remove-row', who, type: row.type, id: row.id });
      const hostile = lineOf('Eve\u001b[2J', { type: row.type, id: `${row.id}`, name: 'x' });
      expect(await post(address, hostile, FIRST)).toBe(200);
      expect((await logged(daemon, 'run.ended', 2))[1]).toMatchObject({
        end: 'complete',
        trigger: 'mailtrap',
        applied: 1,
      });
      const hint = 'Eve\\u{1b}[2J (user 7): activity_log.x';
      expect((await logged(daemon, 'change.applied')).at(-1)).toMatchObject({ cause: 'drift', hints: [hint] });
      const audit = join(env['GRANTD_STATE_DIR'] ?? '', 'audit-3229.jsonl');
      const intents = readFileSync(audit, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"kind":"intent"'));
      expect(JSON.parse(intents.at(-1) ?? '')).toMatchObject({ hints: [hint] });
      expect((await runCli(['audit', 'verify', audit], { cwd, env })).code).toBe(0);
      writeFileSync(join(cwd, file), SECOND);
      expect(await post(address, lineOf('Eve 2'), FIRST)).toBe(401);
      expect(await post(address, lineOf('Eve 2'), SECOND)).toBe(200);
      expect((await logged(daemon, 'run.ended', 3))[2]).toMatchObject({
        end: 'complete',
        trigger: 'mailtrap',
        applied: 0,
      });
      expect(daemon.stdout + daemon.stderr).not.toMatch(new RegExp(`${FIRST}|${SECOND}`));
    },
  );

  it('says once that the file of an account has none, and takes it when it is there', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': GIVING_POLICY });
    const args = ['policy.yaml', '--mailtrap-webhook-secret-file', 'mailtrap-{account}'];
    const daemon = startDaemon(args, { cwd, env: provenAt(simulator) });
    const address = await addressOf(daemon);
    await logged(daemon, 'run.ended');
    for (let turn = 0; turn < 2; turn += 1) expect(await post(address, lineOf('Eve'), FIRST)).toBe(401);
    expect(daemon.stderr.split('mailtrap-3229').length - 1).toBe(1);
    writeFileSync(join(cwd, 'mailtrap-3229'), FIRST, { mode: 0o600 });
    expect(await post(address, lineOf('Eve'), FIRST)).toBe(200);
    rmSync(join(cwd, 'mailtrap-3229'));
    expect(await post(address, lineOf('Eve'), FIRST)).toBe(200);
  });
});

it('a daemon whose one secret file is missing does not begin', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const args = ['run', 'policy.yaml', '--mailtrap-webhook-secret-file', 'none', '--http-address', '127.0.0.1:0'];
  const ended = await runCli(args, { cwd, env: provenAt(simulator) });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain('mailtrapWebhookSecretFile (none): grantd cannot read the file (ENOENT)');
});
