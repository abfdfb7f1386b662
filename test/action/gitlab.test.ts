import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { EXAMPLE_POLICY, exampleFile } from './support/example.ts';
import { type FakeForge, startForge } from './support/fake-forge.ts';
import { gitIn, makeRepository, type PolicyRepository } from './support/policy-repository.ts';

// Many processes, one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

interface Pipeline {
  readonly [job: string]: { readonly script: readonly string[]; readonly before_script: readonly string[] };
}

const PIPELINE = parse(exampleFile('.gitlab-ci.yml')) as Pipeline;
let forge: FakeForge;

beforeAll(ensureBuilt);
beforeEach(async () => {
  forge = await startForge();
});

/** Runs the script of a job as a runner does: in one shell, in the project's directory, with what GitLab sets. */
async function runScript(job: string, repository: PolicyRepository, env: Readonly<Record<string, string>>) {
  const temp = workplace();
  const lines = PIPELINE[job]?.script ?? [];
  const script = lines
    .join('\n')
    .replaceAll('/opt/grantd/', ROOT)
    .replaceAll('/tmp/account.json', `${temp}/account.json`);
  const child = spawn('bash', ['-eo', 'pipefail', '-c', script], {
    cwd: repository.directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: temp,
      GITLAB_CI: 'true',
      CI_API_V4_URL: forge.url,
      CI_PROJECT_ID: '42',
      CI_DEFAULT_BRANCH: 'main',
      CI_JOB_URL: 'https://gitlab.test/job/1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (chunk) => (log += chunk));
  child.stderr.on('data', (chunk) => (log += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, log };
}

function ofMergeRequest(repository: PolicyRepository): Record<string, string> {
  return {
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: repository.base,
    CI_COMMIT_SHA: repository.head,
    CI_COMMIT_REF_PROTECTED: 'false',
    GRANTD_NOTE_TOKEN: 'note-token',
  };
}

describe('the pipeline of docs/pull-requests.md', () => {
  it('a merge request is planned on the snapshot of the default branch, and has one note and a test report', async () => {
    const changed = EXAMPLE_POLICY.replace('qa: [ann@example.com, bob@example.com,', 'qa: [ann@example.com,');
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': changed });
    const simulator = await simulate();
    const onMain = { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_REF_PROTECTED: 'true', ...pointedAt(simulator) };
    const trusted = await runScript('grantd-snapshot', repository, onMain);
    expect(trusted.code, trusted.log).toBe(0);
    forge.artifacts.set('account.json', readFileSync(join(repository.directory, 'account.json'), 'utf8'));

    gitIn(repository.directory)('checkout', '--quiet', '--detach', repository.head);
    const first = await runScript('grantd-check', repository, ofMergeRequest(repository));
    expect(first.code, first.log).toBe(0);
    expect(first.log + trusted.log).not.toContain(ADMIN_TOKEN);
    expect(forge.comments[0]?.body).toContain('bob@example.com');
    expect(forge.comments[0]?.body).toContain('Planned on the account as it was at');
    expect(readFileSync(join(repository.directory, 'grantd.xml'), 'utf8')).toContain(
      '<testsuites name="grantd validate"',
    );
    await runScript('grantd-check', repository, ofMergeRequest(repository));
    expect(forge.comments).toHaveLength(1);
    expect(forge.requests.map(({ method }) => method).filter((method) => method !== 'GET')).toEqual(['POST', 'PUT']);
    expect(new Set(forge.requests.map(({ token }) => token))).toEqual(new Set(['note-token']));
  });

  it('people who keep access without being listed fail the check where that is asked for', async () => {
    const changed = EXAMPLE_POLICY.replace('\nunlisted: revoke', '\nunlisted: keep');
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': changed });
    const simulator = await simulate();
    const onMain = { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_REF_PROTECTED: 'true', ...pointedAt(simulator) };
    await runScript('grantd-snapshot', repository, onMain);
    forge.artifacts.set('account.json', readFileSync(join(repository.directory, 'account.json'), 'utf8'));
    gitIn(repository.directory)('checkout', '--quiet', '--detach', repository.head);
    const env = { ...ofMergeRequest(repository), INPUT_FAIL_WHEN_LEFT_BEHIND: 'true' };
    const { code, log } = await runScript('grantd-check', repository, env);
    expect(code, log).toBe(1);
    expect(log).toContain('error: 1 person keeps 1 row, and no grant names them.');
  });

  it('a fork without the token has the report in its log, and no note', async () => {
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': `${EXAMPLE_POLICY}# x\n` });
    gitIn(repository.directory)('checkout', '--quiet', '--detach', repository.head);
    const end = await runScript('grantd-check', repository, { ...ofMergeRequest(repository), GRANTD_NOTE_TOKEN: '' });
    expect(end.code, end.log).toBe(0);
    expect(end.log).toContain('## grantd: `policy.yaml`');
    expect(end.log).toContain('notice: No comment: there is no token');
    expect(forge.comments).toEqual([]);
  });

  it('no account is read in a merge request, nor is a check made where the token can be had', async () => {
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, {});
    const env = { ...ofMergeRequest(repository), MAILTRAP_API_TOKEN: ADMIN_TOKEN };
    const snapshot = await runScript('grantd-snapshot', repository, env);
    expect([snapshot.code, snapshot.log]).toEqual([4, expect.stringContaining('this is a merge request')]);
    expect(existsSync(join(repository.directory, 'account.json'))).toBe(false);
    const check = await runScript('grantd-check', repository, env);
    expect([check.code, check.log]).toEqual([4, expect.stringContaining('MAILTRAP_API_TOKEN is set')]);
  });

  it('what builds grantd has no token', () => {
    const builds = (PIPELINE['.grantd']?.before_script ?? []).filter((line) => line.includes('npm'));
    expect(builds).toHaveLength(2);
    for (const line of builds) expect(line).toContain('env -u MAILTRAP_API_TOKEN -u GRANTD_NOTE_TOKEN npm');
  });
});

describe('the inputs', () => {
  it.each([
    [{ INPUT_TASK: 'chek' }, 'task is "chek": check or snapshot'],
    [{ INPUT_POLICY: '../policy.yaml' }, 'a path from the top of the repository'],
    [{ INPUT_POLICY: '/etc/passwd' }, 'a path from the top of the repository'],
    [{ INPUT_POLICY: '--help' }, 'a path from the top of the repository'],
    [{ INPUT_POLICY: '.git/config' }, 'a path from the top of the repository'],
    [{ INPUT_FAIL_WHEN_LEFT_BEHIND: 'yes' }, 'fail-when-left-behind is "yes": true or false'],
    [{ INPUT_COMMENT: 'yes', INPUT_FAIL_WHEN_HELD: '1' }, 'comment is "yes": true or false; fail-when-held is "1"'],
  ])('%j', async (inputs, words) => {
    const cwd = workplace();
    writeFileSync(join(cwd, 'policy.yaml'), EXAMPLE_POLICY);
    const child = spawn(process.execPath, [join(ROOT, 'action/main.mjs')], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', ...inputs },
    });
    let log = '';
    child.stdout.on('data', (chunk) => (log += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, log]).toEqual([4, expect.stringContaining(words)]);
  });
});
