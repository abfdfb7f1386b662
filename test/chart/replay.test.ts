import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AccountSeed } from '../../src/simulator/seed.ts';
import { publishWorktree } from '../adapters/policy-file/delivery/support/publish.ts';
import { addressOf, linesOf, logged, startDaemon } from '../process/support/daemon.ts';
import { type RunningGrantd, runGrantd } from '../support/process.ts';
import { EXAMPLE_TEXT, seedOf, simulate } from '../support/simulate.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { GIVING_POLICY, workplace } from '../support/workplace.ts';
import { render, whyNoHelm } from './support/helm.ts';
import { containersOf, type KubernetesObject, podsOf } from './support/kubernetes-object.ts';
import { PodOnDisk, type Secrets } from './support/pod-on-disk.ts';

const SECRETS: Secrets = { 'mailtrap-token': { token: ADMIN_TOKEN } };
const COMMITS = ['a'.repeat(40), 'b'.repeat(40)] as const;

/** Another level for Heidi. */
const OTHER = GIVING_POLICY.replace('level: viewer', 'level: admin');

describe('pods of the chart, replayed with their mounts, settings and environment', skippedFor(whyNoHelm), () => {
  it('a ConfigMap that changes is carried out by the running process', async () => {
    const { simulator, objects: before, pod, daemon } = await running();
    expect(linesOf(daemon, 'run.ended')[0]).toMatchObject({ trigger: 'start', end: 'complete' });
    const held = simulator.rows('heidi@example.com');

    const after = rendered('deployment-inline', simulator.url, { policy: OTHER });
    expect(templateOf(after)).toEqual(templateOf(before));
    pod.bring(after, SECRETS);
    const runs = await logged(daemon, 'run.ended', 2);
    expect(runs[1]).toMatchObject({ trigger: 'file', end: 'complete' });
    expect(simulator.rows('heidi@example.com')).not.toEqual(held);
  });

  it('a commit that git-sync publishes is carried out, known by its hash, and its webhook is answered', async () => {
    const simulator = await simulate();
    const objects = rendered('git-sync-public', simulator.url);
    const pod = podOnDisk(objects);
    pod.bring(objects, SECRETS);
    publishWorktree(pod.place('/git'), COMMITS[0], { 'policy.yaml': GIVING_POLICY });
    const daemon = started(pod);
    expect((await logged(daemon, 'run.ended'))[0]).toMatchObject({ end: 'complete' });
    expect(linesOf(daemon, 'policy.accepted')).toMatchObject([{ commit: COMMITS[0] }]);

    publishWorktree(pod.place('/git'), COMMITS[1], { 'policy.yaml': OTHER });
    const { pathname } = new URL(webhookOf(objects));
    const headers = { 'Gitsync-Hash': COMMITS[1] };
    const answer = await fetch(`${await addressOf(daemon)}${pathname}`, { method: 'POST', headers });
    expect(answer.status).toBe(200);
    expect((await logged(daemon, 'policy.accepted', 2))[1]).toMatchObject({ commit: COMMITS[1] });
    expect(linesOf(daemon, 'run.asked')).toContainEqual(
      expect.objectContaining({ trigger: 'request', commit: COMMITS[1] }),
    );
    await expect.poll(() => runsThatWrote(daemon), { timeout: 30_000 }).toBe(2);
  });

  it('grantd that is there before the first checkout is not ready, and begins with it', async () => {
    const simulator = await simulate();
    const objects = rendered('git-sync-public', simulator.url);
    const pod = podOnDisk(objects);
    pod.bring(objects, SECRETS);
    const daemon = started(pod);
    await logged(daemon, 'policy.unreadable');
    const address = await addressOf(daemon);
    expect([(await fetch(`${address}/healthz`)).status, (await fetch(`${address}/readyz`)).status]).toEqual([200, 503]);
    publishWorktree(pod.place('/git'), COMMITS[0], { 'policy.yaml': GIVING_POLICY });
    await logged(daemon, 'run.ended');
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
  });

  it('a token that rotates is used by the next request, and the old one can be deleted', async () => {
    const { simulator, objects, pod, daemon } = await running();

    const fresh = 'another-admin-token';
    simulator.replaceState(seedWith(fresh));
    daemon.kill('SIGHUP');
    expect((await logged(daemon, 'run.ended', 2))[1]).toMatchObject({ end: 'failed' });

    pod.bring(objects, { 'mailtrap-token': { token: fresh } });
    daemon.kill('SIGHUP');
    await expect.poll(() => runsThatWrote(daemon), { timeout: 30_000 }).toBe(2);
    expect(daemon.stdout).not.toContain(fresh);
  });

  it('each of several accounts is kept with the token of its own Secret', async () => {
    const simulator = await simulate();
    const objects = rendered('accounts-git-sync', simulator.url);
    const pod = podOnDisk(objects);
    pod.bring(objects, { 'mailtrap-a': { token: ADMIN_TOKEN }, 'mailtrap-b': { api: 'nobody-knows-this-token' } });
    const files = {
      'team-a.yaml': GIVING_POLICY,
      'team-b.yaml': GIVING_POLICY.replace('account: 3229', 'account: 4711'),
    };
    publishWorktree(pod.place('/git'), COMMITS[0], files);
    const daemon = started(pod);
    const ends = (await logged(daemon, 'run.ended', 2)).map(({ account, end }) => [account, end]);
    expect(ends).toContainEqual([3229, 'complete']);
    expect(ends).toContainEqual([4711, 'failed']);
  });

  it('what it keeps is for itself only, and where the chart mounts the storage', async () => {
    const { pod, daemon } = await running();
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
    const state = join(pod.place('/var/lib/grantd'), 'state');
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readdirSync(state).sort()).toEqual(expect.arrayContaining(['account-3229.json', 'audit-3229.jsonl']));
  });

  it('the pod of a CronJob applies once and ends with 0, and that of helm test finds nothing to mend', async () => {
    const simulator = await simulate();
    const objects = rendered('cronjob-inline', simulator.url, { policy: GIVING_POLICY });
    const ends = [];
    for (const { of } of podsOf(objects)) {
      const pod = podOnDisk(objects, of);
      pod.bring(objects, SECRETS);
      ends.push({ of, ...(await runGrantd(pod.args, { cwd: workplace(), env: pod.env })) });
    }
    expect(ends.map(({ of, code }) => [of, code])).toEqual([
      ['CronJob release-grantd', 0],
      ['Pod release-grantd-doctor', 0],
    ]);
    expect(ends[0]?.stdout).toContain('applied');
    expect(simulator.rows('heidi@example.com')).toHaveProperty('project:4001', 10);
  });
});

/** The objects of a value file, with the API at a simulator, an inline policy and no waits. */
function rendered(
  name: string,
  apiUrl: string,
  { policy }: { readonly policy?: string } = {},
): readonly KubernetesObject[] {
  const args = ['--set', `settings.apiUrl=${apiUrl}`];
  if (policy === undefined) return render(name, args);
  const directory = workplace();
  writeFileSync(join(directory, 'policy.yaml'), policy);
  return render(name, [...args, '--set-file', `policy.inline=${join(directory, 'policy.yaml')}`]);
}

/** The pod with an inline policy, after its first run. */
async function running() {
  const simulator = await simulate();
  const objects = rendered('deployment-inline', simulator.url, { policy: GIVING_POLICY });
  const pod = podOnDisk(objects);
  pod.bring(objects, SECRETS);
  const daemon = started(pod);
  await logged(daemon, 'run.ended');
  return { simulator, objects, pod, daemon };
}

function podOnDisk(objects: readonly KubernetesObject[], of = 'Deployment release-grantd'): PodOnDisk {
  const pod = podsOf(objects).find((candidate) => candidate.of === of);
  if (!pod) throw new Error(`there is no ${of}`);
  return new PodOnDisk(workplace(), pod);
}

/** As the kubelet starts it, but for a port that is free here. */
function started(pod: PodOnDisk) {
  const [command, ...args] = pod.args;
  expect(command).toBe('run');
  return startDaemon(args, { cwd: workplace(), env: pod.env });
}

/** The example account, administered by another token. */
function seedWith(token: string): AccountSeed {
  return seedOf(EXAMPLE_TEXT.replaceAll(ADMIN_TOKEN, token));
}

function runsThatWrote(daemon: RunningGrantd): number {
  return linesOf(daemon, 'run.ended').filter(({ applied }) => Number(applied) > 0).length;
}

function templateOf(objects: readonly KubernetesObject[]): unknown {
  return objects.find(({ kind }) => kind === 'Deployment')?.spec.template;
}

function webhookOf(objects: readonly KubernetesObject[]): string {
  const variables = podsOf(objects)
    .flatMap(containersOf)
    .flatMap(({ env }) => env ?? []);
  const url = variables.find(({ name }) => name === 'GITSYNC_WEBHOOK_URL')?.value;
  if (url === undefined) throw new Error('git-sync has no webhook');
  return url;
}
