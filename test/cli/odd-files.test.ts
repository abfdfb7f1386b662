import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

describe('a named pipe, to which nobody writes,', () => {
  it.each([
    ['validate pipe', 'the policy file pipe is a named pipe'],
    ['validate policy.yaml --snapshot pipe', 'the snapshot pipe is a named pipe'],
    ['plan pipe', 'the policy file pipe is a named pipe'],
    ['plan --snapshot pipe', 'the snapshot pipe is a named pipe'],
    ['plan --settings pipe', 'the settings file pipe is a named pipe'],
    ['apply --yes --plan pipe', 'the plan pipe is a named pipe'],
    ['explain ann@example.com --policy pipe', 'the policy file pipe is a named pipe'],
    ['who account --policy pipe', 'the policy file pipe is a named pipe'],
    ['compare policy.yaml pipe', 'the policy file pipe is a named pipe'],
    ['review pipe', 'the policy file pipe is a named pipe'],
    ['import --snapshot pipe', 'the snapshot pipe is a named pipe'],
    ['import --update pipe', 'the policy file pipe is a named pipe'],
    ['snapshot pipe', 'the policy file pipe is a named pipe'],
    ['audit show pipe', 'the audit log pipe is a named pipe'],
    ['audit verify pipe', 'the audit log pipe is a named pipe'],
    ['simulate --seed pipe', 'the seed pipe is a named pipe'],
  ])('is refused: grantd %s', async (line, message) => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const before = simulator.rows('ann@example.com');
    const { code, stderr } = await runCli(line.split(' '), { cwd, env: pointedAt(simulator) });
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
    expect(simulator.rows('ann@example.com')).toEqual(before);
  });
});

describe('an audit log', () => {
  it.each(['absent', 'empty'])('that is a link, whose target is %s, is refused: nothing is written', async (what) => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY });
    const target = join(cwd, 'elsewhere');
    if (what === 'empty') writeFileSync(target, '');
    symlinkSync('elsewhere', join(cwd, 'audit.jsonl'));
    const world = { cwd, env: { ...pointedAt(simulator), GRANTD_AUDIT_LOG: 'audit.jsonl' } };
    const before = simulator.rows('ann@example.com');
    const { code, stderr } = await runGrantd(['apply', '--yes'], world);
    expect(code).toBe(1);
    expect(stderr).toContain('error[audit-unwritable]: the audit log ');
    expect(stderr).toContain('it is a symbolic link, which grantd does not follow');
    expect(existsSync(target) ? readFileSync(target, 'utf8') : '').toBe('');
    expect(simulator.rows('ann@example.com')).toEqual(before);
    const { stdout } = await runCli(['doctor'], world);
    expect(stdout).toContain('audit.jsonl is a symbolic link, which grantd does not follow');
  });

  it('of mode 0666 is written, with a warning, and keeps its mode', async () => {
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': POLICY, 'audit.jsonl': '' });
    const log = join(cwd, 'audit.jsonl');
    chmodSync(log, 0o666);
    const world = { cwd, env: { ...pointedAt(simulator), GRANTD_AUDIT_LOG: 'audit.jsonl' } };
    const { code, stderr } = await runGrantd(['apply', '--yes'], world);
    expect(code).toBe(0);
    const warning = 'warning: every user of this machine can write to the audit log audit.jsonl\n';
    expect(stderr).toContain(`${warning}  help: chmod 600 audit.jsonl\n`);
    expect(readFileSync(log, 'utf8')).toContain('"kind":"intent"');
    expect(statSync(log).mode & 0o777).toBe(0o666);
    const { stdout } = await runCli(['doctor'], world);
    expect(stdout).toContain('every user of this machine can write to audit.jsonl');
    chmodSync(log, 0o600);
    expect((await runGrantd(['apply', '--yes'], world)).stderr).not.toContain('every user');
  });
});
