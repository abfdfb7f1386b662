import { expect, test } from 'vitest';
import { runGrantd, startGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, workplace } from '../support/workplace.ts';

test('simulate serves the account with the calls that it prints, until Ctrl-C', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  const simulator = startGrantd(['simulate'], { cwd });
  await simulator.printed('Ctrl-C ends it.');
  const { stdout } = simulator;
  const env = Object.fromEntries([...stdout.matchAll(/export (\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  expect(Object.keys(env)).toEqual(['GRANTD_API_URL', 'MAILTRAP_API_TOKEN']);
  const plan = await runGrantd(['plan'], { cwd, env });
  expect(plan).toMatchObject({ code: 0, stderr: '' });
  for (const [, url = '', body] of stdout.matchAll(/curl -s (\S+)(?: -d '(.*)')?$/gm)) {
    const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body });
    expect(answer.status, url).toBe(200);
  }
  const [, header = '', url = ''] = /curl -H '(.*)' (\S+)/.exec(stdout) ?? [];
  const [name = '', value = ''] = header.split(': ');
  expect((await fetch(url, { headers: { [name]: value } })).status).toBe(200);
  simulator.kill('SIGINT');
  expect(await simulator.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('simulate shows the token of its seed even if that token is in use', async () => {
  const cwd = workplace();
  const simulator = startGrantd(['simulate'], { cwd, env: { MAILTRAP_API_TOKEN: 'simulator-admin-token' } });
  await simulator.printed('MAILTRAP_API_TOKEN=simulator-admin-token');
  simulator.kill('SIGTERM');
  expect((await simulator.ended).code).toBe(0);
});

test('simulate says that a port is in use', async () => {
  const { port } = await simulate();
  const ended = await runGrantd(['simulate', '--port', String(port)], { cwd: workplace() });
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain(`port ${port} is in use`);
});
