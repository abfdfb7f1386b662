import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { POLICY, workplace } from '../support/workplace.ts';
import { addressOf, logged, startDaemon } from './support/daemon.ts';

it('the daemon goes on with its last token while the file is empty, and warns once', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, token: `${ADMIN_TOKEN}\n` });
  const file = join(cwd, 'token');
  chmodSync(file, 0o600);
  const env = { GRANTD_API_URL: simulator.url, MAILTRAP_API_TOKEN_FILE: file };
  const daemon = startDaemon(['policy.yaml'], { cwd, env });
  await logged(daemon, 'run.ended');
  writeFileSync(file, '');
  const address = await addressOf(daemon);
  for (let runs = 2; runs <= 3; runs += 1) {
    await fetch(`${address}/-/reconcile`, { method: 'POST' });
    await logged(daemon, 'run.ended', runs);
  }
  const ends = (await logged(daemon, 'run.ended', 3)).map(({ end }) => end);
  expect(ends).toEqual(['complete', 'complete', 'complete']);
  expect(daemon.stderr).toBe(
    `warning: MAILTRAP_API_TOKEN_FILE (${file}): the file is empty: grantd goes on with the last token that it held\n` +
      '  help: write the token into it; grantd reads it again each time\n',
  );
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0 });
});

it('the daemon logs that everyone can write to the audit log', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY, 'audit.jsonl': '' });
  chmodSync(join(cwd, 'audit.jsonl'), 0o666);
  const env = { GRANTD_API_URL: simulator.url, MAILTRAP_API_TOKEN: ADMIN_TOKEN, GRANTD_AUDIT_LOG: 'audit.jsonl' };
  const daemon = startDaemon(['policy.yaml'], { cwd, env });
  await logged(daemon, 'run.ended');
  expect(await logged(daemon, 'audit.exposed')).toMatchObject([{ level: 'warn', account: 3229, openTo: 'write' }]);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0 });
});
