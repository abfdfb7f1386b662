import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { workplace } from '../support/workplace.ts';
import { EXAMPLE_POLICY, exampleFile } from './support/example.ts';
import { type FakeForge, startForge } from './support/fake-forge.ts';
import { EVIL_BRANCH, makeRepository, type PolicyRepository, type Tree } from './support/policy-repository.ts';
import { type JobEnd, type Runner, runJob } from './support/run-job.ts';

// Many processes, one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SNAPSHOT = exampleFile('.github/workflows/grantd-snapshot.yml');
const CHECK = exampleFile('.github/workflows/grantd.yml');

/** One more account admin than the policy's limit lets through at once. */
const TWO_NEW_ADMINS = EXAMPLE_POLICY.replace(
  'leads: [carol@example.com, dave@example.com]',
  'leads: [carol@example.com, dave@example.com, bob@example.com, grace@example.com]',
);

let forge: FakeForge;

/** Where a snapshot of the example account lies, and where there is none. */
const caches = { full: '', empty: '' };

beforeEach(async () => {
  forge = await startForge();
  caches.empty = workplace();
  if (caches.full === '') {
    caches.full = mkdtempSync(join(tmpdir(), 'grantd-action-'));
    await takeSnapshot({ caches: caches.full });
  }
});

afterAll(() => rmSync(caches.full, { recursive: true, force: true }));

/** The job of the pull request, as GitHub starts it for a change of a branch of the same repository. */
function runnerOf(repository: PolicyRepository, more: Partial<Runner> = {}): Runner {
  return {
    workspace: repository.directory,
    eventName: 'pull_request',
    event: {
      pull_request: {
        number: 7,
        title: '"; touch pwned; $(touch pwned) ::error::title',
        head: { sha: repository.head, ref: EVIL_BRANCH },
        base: { sha: repository.base, ref: 'main' },
      },
      repository: { default_branch: 'main' },
    },
    ref: 'refs/pull/7/merge',
    apiUrl: forge.url,
    caches: caches.full,
    ...more,
  };
}

/** What the trusted job leaves in the cache. */
async function takeSnapshot(more: Partial<Runner> = {}): Promise<JobEnd> {
  const { url } = await simulate();
  const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, {});
  return runJob(SNAPSHOT, {
    workspace: repository.directory,
    eventName: 'schedule',
    event: { repository: { default_branch: 'main' } },
    ref: 'refs/heads/main',
    apiUrl: forge.url,
    caches: caches.empty,
    secrets: { MAILTRAP_API_TOKEN: ADMIN_TOKEN },
    env: { GRANTD_API_URL: url },
    ...more,
  });
}

async function checkChange(base: Tree, head: Tree, more: Partial<Runner> = {}): Promise<JobEnd> {
  return runJob(CHECK, runnerOf(makeRepository(base, head), more));
}

describe('the workflows of docs/pull-requests.md', () => {
  it('a snapshot of the trusted job is what a pull request is planned on, without a token', async () => {
    const trusted = await takeSnapshot();
    expect(trusted.code, trusted.log).toBe(0);
    const [build, run] = trusted.environments;
    expect([build?.['MAILTRAP_API_TOKEN'], run?.['MAILTRAP_API_TOKEN']]).toEqual([undefined, ADMIN_TOKEN]);
    expect(trusted.log).not.toContain(ADMIN_TOKEN);

    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    const first = await runJob(CHECK, runnerOf(repository, { caches: caches.empty }));
    expect(first.code, first.log).toBe(0);
    for (const env of first.environments) {
      expect(JSON.stringify(env)).not.toContain(ADMIN_TOKEN);
      expect(env['MAILTRAP_API_TOKEN'] ?? '').toBe('');
    }
    expect(first.outputs).toMatchObject({ result: 'held', 'exit-code': '3' });
    expect(first.outputs['comment-url']).toBe(forge.comments[0]?.html_url);
    const [comment] = forge.comments;
    expect(comment?.body).toMatch(/^<!-- grantd check [0-9a-f]{16} -->\n## grantd: `policy\.yaml`\n/);
    expect(comment?.body).toContain('a guard holds a part');
    expect(comment?.body).toMatch(/Planned on the account as it was at `20[0-9T:.-]+Z`/);
    expect(comment?.body).toMatch(
      /approvals:\n {2}- until: \d{4}-\d\d-\d\d\n {4}digests:\n {6}- sha256:[0-9a-f]{64}\n/,
    );
    expect(comment?.body).toContain(`For commit ${repository.head.slice(0, 12)}`);
    expect(first.summary).toContain('#### Held by a guard');
    expect(first.log).toContain('::warning file=policy.yaml,title=held by a guard::');

    const next = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': `${EXAMPLE_POLICY}# more\n` });
    expect(next.code, next.log).toBe(0);
    expect(next.outputs).toMatchObject({ result: 'changes', 'exit-code': '2' });
    expect(forge.comments).toHaveLength(1);
    expect(forge.comments[0]?.body).not.toContain('a guard holds');
    expect(forge.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'PATCH']);
    expect(new Set(forge.requests.map(({ token }) => token))).toEqual(new Set(['github-job-token']));
  });

  it('an approval in the same change lets the part run', async () => {
    await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    const digests = [...(forge.comments[0]?.body ?? '').matchAll(/^ {6}- (sha256:[0-9a-f]{64})$/gm)].map(
      ([, one]) => one,
    );
    const approval = `approvals:\n  - until: 2099-12-31\n    digests: ${JSON.stringify(digests)}\n`;
    const approved = TWO_NEW_ADMINS.replace('\npaused: false', `\n${approval}paused: false`);
    const { outputs, log } = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': approved });
    expect(digests.length).toBeGreaterThan(1);
    expect(outputs['result'], log).toBe('changes');
    expect(forge.comments[0]?.body).toContain(`#### Approved (${digests.length})`);
  });

  it('what is compared is what merging changes, not what came to the branch meanwhile', async () => {
    const base = EXAMPLE_POLICY;
    const meanwhile = base.replace('  - to: frank@example.com', '  - to: grace@example.com');
    const head = base.replace('qa: [ann@example.com, bob@example.com,', 'qa: [ann@example.com,');
    const repository = makeRepository({ 'policy.yaml': base }, { 'policy.yaml': head }, { 'policy.yaml': meanwhile });
    const { code, summary, log } = await runJob(CHECK, runnerOf(repository, { caches: caches.empty }));
    expect(code, log).toBe(0);
    expect(summary).toContain('bob@example.com');
    expect(summary).not.toContain('frank@example.com');
  });

  it('a merge queue is compared with what it goes onto, and has no comment', async () => {
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    const event = { merge_group: { head_sha: repository.merge, base_sha: repository.base } };
    const runner = runnerOf(repository, { eventName: 'merge_group', event, caches: caches.empty });
    const { code, summary, outputs, log } = await runJob(CHECK, runner);
    expect([code, outputs['result']], log).toEqual([0, 'ok']);
    expect(summary).toContain('bob@example.com');
    expect(forge.requests).toEqual([]);
  });

  it('a policy of another account is not planned on the snapshot of this one, and fails', async () => {
    const other = EXAMPLE_POLICY.replace('account: 3229', 'account: 3230');
    const { code, outputs, summary, log } = await checkChange(
      { 'policy.yaml': EXAMPLE_POLICY },
      { 'policy.yaml': other },
    );
    expect([code, outputs['result']], log).toEqual([1, 'failed']);
    expect(summary).toContain('3230');
  });

  it('a part that is held fails the check where that is entitled', async () => {
    const workflow = CHECK.replace(
      '          policy: policy.yaml\n',
      '          policy: policy.yaml\n          fail-when-held: true\n',
    );
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    const { code, outputs, log } = await runJob(workflow, runnerOf(repository));
    expect([code, outputs['result']], log).toEqual([3, 'held']);
  });

  it('a name that fits nothing, and a pause, are warnings that fail no check', async () => {
    const unresolved = EXAMPLE_POLICY.replace('resource: project:Mobile iOS', 'resource: project:Mobile iSO');
    expect(unresolved).not.toBe(EXAMPLE_POLICY);
    const waiting = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': unresolved });
    expect([waiting.code, waiting.outputs['exit-code'], waiting.outputs['result']], waiting.log).toEqual([
      0,
      '3',
      'deferred',
    ]);
    expect(waiting.log).toContain('::warning file=policy.yaml,title=deferred::');
    expect(waiting.summary).toContain('a part of what it would change waits');

    const paused = EXAMPLE_POLICY.replace('paused: false', 'paused: true');
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': paused });
    expect([end.code, end.outputs['exit-code'], end.outputs['result']], end.log).toEqual([0, '3', 'paused']);
    expect(end.log).toContain('::warning file=policy.yaml,title=paused::');
  });

  it('people who keep access without being listed are counted, and fail the check where that is asked for', async () => {
    const keeping = EXAMPLE_POLICY.replace('\nunlisted: revoke', '\nunlisted: keep');
    const counted = '1 person keeps 1 row, and no grant names them.';
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': keeping });
    const lenient = await runJob(CHECK, runnerOf(repository));
    expect([lenient.code, lenient.outputs['left-behind']], lenient.log).toEqual([0, '1']);
    expect(forge.comments[0]?.body).toContain(counted);
    expect(lenient.log).not.toContain('::error');
    const workflow = CHECK.replace(
      '          policy: policy.yaml\n',
      '          policy: policy.yaml\n          fail-when-left-behind: true\n',
    );
    const strict = await runJob(workflow, runnerOf(repository));
    expect([strict.code, strict.outputs['result']], strict.log).toEqual([1, 'changes']);
    expect(strict.log).toContain(`::error file=policy.yaml,title=left behind::${counted}`);
    const revoking = makeRepository({ 'policy.yaml': keeping }, { 'policy.yaml': EXAMPLE_POLICY });
    const clean = await runJob(workflow, runnerOf(revoking));
    expect([clean.code, clean.outputs['left-behind']], clean.log).toEqual([0, '0']);
  });

  it('without a snapshot the text alone is judged, and the comment says so', async () => {
    const change = { 'policy.yaml': TWO_NEW_ADMINS };
    const { code, outputs } = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, change, { caches: caches.empty });
    expect([code, outputs['result'], outputs['left-behind']]).toEqual([0, 'ok', '']);
    expect(forge.comments[0]?.body).toContain('nothing was planned');
    expect(forge.comments[0]?.body).toContain('bob@example.com');
  });

  it('a fork has no comment: a notice says so, and the job summary has it all', async () => {
    forge.mayWrite = false;
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    expect(end.code, end.log).toBe(0);
    expect(end.log).toMatch(/^::notice::No comment: this token may not write one .*403.*pull-requests: write/m);
    expect(end.summary).toContain('#### Held by a guard');
    expect(end.outputs).toMatchObject({ result: 'held', 'comment-url': '' });
  });

  it('a comment that cannot be updated fails the check: it would go on saying what is no longer true', async () => {
    const change: [Tree, Tree] = [{ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS }];
    await checkChange(...change);
    forge.mayWrite = false;
    const { code, log } = await checkChange(...change);
    expect([code, log]).toEqual([1, expect.stringMatching(/^::error::PATCH .*403/m)]);
  });

  it('problems are annotations at their place, and the check fails', async () => {
    const bad = EXAMPLE_POLICY.replace(
      'resource: project:Checkout, level: viewer',
      'resource: project:Checkout, level: veiwer',
    ).replace('mode: authoritative', 'mode: authoritative\nmodes: x');
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': bad });
    expect([end.code, end.outputs['result'], end.outputs['exit-code']]).toEqual([4, 'invalid', '4']);
    const errors = end.log.split('\n').filter((line) => line.startsWith('::error '));
    expect(errors).toHaveLength(2);
    for (const line of errors)
      expect(line).toMatch(/^::error file=policy\.yaml,line=\d+,col=\d+,title=[a-z-]+::.+%0A.+/);
    expect(forge.comments[0]?.body).toContain('**Invalid.**');
  });

  it('a test of the policy that fails is an annotation too', async () => {
    const wrong = EXAMPLE_POLICY.replace('resource: account, expect: none }', 'resource: account, expect: admin }');
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': wrong });
    expect([end.code, end.outputs['result']]).toEqual([1, 'failed']);
    expect(end.log).toMatch(
      /^::error file=policy\.yaml,line=\d+,title=a test of the policy fails::ann@example\.com on account/m,
    );
  });

  it('a policy that is deleted fails the check, and says what that would mean', async () => {
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': null });
    expect([end.code, end.outputs['result']]).toEqual([4, 'invalid']);
    expect(forge.comments[0]?.body).toContain('This change deletes the policy.');
  });

  it('text of a policy, a branch or a title is nowhere a command', async () => {
    const evil =
      '::error::pwned%0A ##[error]pwned `touch pwned` $(touch pwned) @everyone [x](https://evil.test) <img src=x>';
    const head = TWO_NEW_ADMINS.replace(
      'reason: OPS-140',
      `reason: ${JSON.stringify(`${evil}\n::error::pwned\n::add-mask::a`)}`,
    ).replace('expect: none }', `expect: none, "${evil.replaceAll('"', '')}\\n::error::pwned": 1 }`);
    for (const text of [head, head.replace(/, "::error.*": 1 }/, ' }')]) {
      const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': text });
      const end = await runJob(CHECK, runnerOf(repository));
      expect(existsSync(join(repository.directory, 'pwned'))).toBe(false);
      expect(end.log).not.toMatch(/^\s*::(?:error|add-mask)::(?!No comment)/m);
      expect(end.log.split('\n').filter((line) => line.includes('##[') && !line.startsWith('::'))).toEqual([]);
      for (const output of Object.values(end.outputs)) expect(output).not.toContain('pwned');
      const shown = (forge.comments[0]?.body ?? '')
        .replace(/```text[\s\S]*?\n```\n/g, '')
        .replace(/`[^`\n]+`|<code>[^\n]*?<\/code>/g, '');
      expect(shown).not.toMatch(/@everyone|evil\.test|<img/);
    }
  });

  it('a link in place of the policy is not followed', async () => {
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': { link: '.git/config' } });
    expect([end.code, end.log]).toEqual([4, expect.stringContaining('no ordinary file')]);
    expect(end.summary + end.log).not.toContain('repositoryformatversion');
  });

  it('files that the policy includes are read from git too, and problems are annotations in their own file', async () => {
    const root = EXAMPLE_POLICY.replace(
      '\ngroups:',
      '\ninclude:\n  - { team: teams/qa.yaml, as: qa-team, may: ["project:Checkout"] }\ngroups:',
    );
    const team = (resource: string) =>
      `version: 1\nkind: team\ngrants:\n  - { to: frank@example.com, resource: "${resource}", level: viewer }\ncomplete: true\n`;
    const base = { 'policy.yaml': root, 'teams/qa.yaml': team('project:Checkout') };
    const wider = { 'teams/qa.yaml': team('inbox:Checkout/QA') };
    const good = await checkChange(base, wider);
    expect(good.code, good.log).toBe(0);
    expect(good.summary).toContain('frank@example.com');
    const bad = await checkChange(base, { 'teams/qa.yaml': team('project:Mobile iOS') });
    expect([bad.code, bad.outputs['result']]).toEqual([4, 'invalid']);
    expect(bad.log).toMatch(/::error file=teams\/qa\.yaml,line=4,col=\d+,title=beyond-scope::/);
    const gone = await checkChange(base, { 'teams/qa.yaml': null });
    expect(gone.log).toContain('title=include-unreadable');
  });

  it('bytes are judged as they are: what is no UTF-8 is not mended on the way', async () => {
    const bytes = Buffer.from(EXAMPLE_POLICY.replace('reason: OPS-98', 'reason: \xe9'), 'latin1');
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': bytes });
    expect([end.code, end.outputs['result']], end.log).toEqual([4, 'invalid']);
  });

  it('settings that a change brings along are not read', async () => {
    const settings = { 'grantd.yaml': 'nonsense: true\n', 'config/grantd.yaml': 'nonsense: true\n' };
    const end = await checkChange({ 'policy.yaml': EXAMPLE_POLICY }, settings);
    expect([end.code, end.outputs['result']], end.log).toEqual([0, 'changes']);
    expect(forge.comments[0]?.body).toContain('The text of the policy is not changed.');
  });
});

describe('what the action refuses', () => {
  it('to check with a Mailtrap token at hand', async () => {
    const end = await checkChange(
      { 'policy.yaml': EXAMPLE_POLICY },
      {},
      { env: { MAILTRAP_API_TOKEN_FILE: '/run/secret' } },
    );
    expect([end.code, end.log]).toEqual([4, expect.stringContaining('::error::MAILTRAP_API_TOKEN_FILE is set')]);
    expect(forge.requests).toEqual([]);
  });

  it.each([
    ['pull_request', 'refs/pull/7/merge', 'the event is pull_request'],
    ['pull_request_target', 'refs/heads/main', 'the event is pull_request_target'],
    ['workflow_run', 'refs/heads/main', 'the event is workflow_run'],
    ['workflow_dispatch', 'refs/heads/side', 'not the default branch'],
  ])('a snapshot on %s of %s', async (eventName, ref, why) => {
    const end = await takeSnapshot({ eventName, ref });
    expect([end.code, end.log]).toEqual([4, expect.stringContaining(why)]);
  });

  it('to judge what is not the change, as on pull_request_target', async () => {
    const repository = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': TWO_NEW_ADMINS });
    const other = makeRepository({ 'policy.yaml': EXAMPLE_POLICY }, { 'policy.yaml': 'x' });
    const end = await runJob(CHECK, { ...runnerOf(other), workspace: repository.directory });
    expect([end.code, end.log]).toEqual([4, expect.stringContaining('fetch-depth: 2')]);
  });
});
