import { describe, expect, it } from 'vitest';
import { skippedFor } from '../support/skipped-for.ts';
import { LONG_TEST_MS, render, valueFiles, whyNoHelm } from './support/helm.ts';
import { type Container, containersOf, type KubernetesObject, type Pod, podsOf } from './support/kubernetes-object.ts';

const NAMES = valueFiles('values');

/** The kinds of volumes that Pod Security *restricted* allows. */
const VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
];

describe('pods of the chart', skippedFor(whyNoHelm), () => {
  it.each(NAMES)('%s: are within Pod Security restricted, field by field', (name) => {
    for (const pod of podsOf(render(name))) expect(againstRestricted(pod), pod.of).toEqual([]);
  });

  it('what is not within Pod Security restricted is noticed', () => {
    const [pod] = podsOf(render('deployment-inline'));
    const loose = JSON.parse(JSON.stringify(pod));
    loose.spec.hostNetwork = true;
    loose.spec.volumes.push({ name: 'host', hostPath: { path: '/' } });
    loose.spec.containers[0].securityContext = { runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } };
    expect(againstRestricted(loose)).toHaveLength(6);
  });

  it.each(NAMES)('%s: the root file system of grantd and git-sync is read-only', (name) => {
    for (const container of ownContainers(render(name))) {
      expect(container.securityContext?.['readOnlyRootFilesystem'], container.name).toBe(true);
    }
  });

  it.each(NAMES)(
    '%s: no token of Kubernetes is there but for Leases and ConfigMaps, and then for grantd only',
    (name) => {
      const objects = render(name);
      const isNeeded = /"?lease"?: "?on|stateConfigMap/.test(settingsOf(objects));
      for (const pod of podsOf(objects)) {
        expect(pod.spec.automountServiceAccountToken).toBe(false);
        const holders = containersOf(pod).filter((container) => mountsTokenOfKubernetes(pod, container));
        expect(holders.map((holder) => holder.args?.[0] ?? holder.name)).toEqual(
          isNeeded ? [expect.stringMatching(/^(run|apply|doctor)$/)] : [],
        );
      }
      const hasRights = objects.some(({ kind }) => kind === 'Role');
      expect(hasRights).toBe(isNeeded && name !== 'service-account-annotations');
    },
  );

  it('rights are the least, and of the accounts that are named', () => {
    const [role] = render('lease-narrow').filter(({ kind }) => kind === 'Role');
    expect(role?.rules?.map(({ resources, verbs, resourceNames }) => [resources, verbs, resourceNames])).toEqual([
      [['leases'], ['create'], undefined],
      [['leases'], ['get', 'update'], ['mailtrap-3229', 'mailtrap-1234567890123']],
      [['configmaps'], ['create'], undefined],
      [['configmaps'], ['get', 'update'], ['memory-3229', 'memory-1234567890123']],
    ]);
  });

  it.each(NAMES)('%s: secrets are files, each for the one container that needs it, by no subPath', (name) => {
    for (const pod of podsOf(render(name))) {
      const secrets = (pod.spec.volumes ?? []).filter((volume) => 'secret' in volume);
      for (const { name: volume } of secrets) {
        const holders = containersOf(pod).filter(({ volumeMounts }) =>
          volumeMounts?.some((mount) => mount.name === volume),
        );
        expect(holders, volume).toHaveLength(1);
      }
      const mounts = containersOf(pod).flatMap(({ volumeMounts }) => volumeMounts ?? []);
      expect(mounts.filter((mount) => 'subPath' in mount || 'subPathExpr' in mount)).toEqual([]);
      const names = containersOf(pod)
        .flatMap(({ env }) => env ?? [])
        .map((variable) => variable.name);
      expect(names.filter((variable) => /TOKEN|PASSWORD$/.test(variable))).toEqual([]);
    }
  });

  it(
    'every mount has its volume, and every volume its mount',
    () => {
      for (const name of NAMES) {
        for (const pod of podsOf(render(name))) {
          const mounted = new Set(
            containersOf(pod).flatMap(({ volumeMounts }) => volumeMounts?.map((mount) => mount.name) ?? []),
          );
          const volumes = (pod.spec.volumes ?? []).map((volume) => volume.name);
          expect(
            [...mounted].filter((volume) => !volumes.includes(volume)),
            name,
          ).toEqual([]);
          expect(
            volumes.filter((volume) => !mounted.has(volume) && volume !== 'ca'),
            name,
          ).toEqual([]);
          expect(new Set(volumes).size).toBe(volumes.length);
        }
      }
    },
    LONG_TEST_MS,
  );

  it('without Leases one pod is gone before the next begins, with them never', () => {
    const strategyOf = (name: string) => render(name).find(({ kind }) => kind === 'Deployment')?.spec.strategy.type;
    expect(strategyOf('deployment-inline')).toBe('Recreate');
    expect(strategyOf('replicas')).toBe('RollingUpdate');
  });

  it('settings make a new pod, a policy never does', () => {
    const annotations = (name: string, ...more: readonly string[]) => {
      const deployment = render(name, more).find(({ kind }) => kind === 'Deployment');
      return deployment?.spec.template.metadata.annotations;
    };
    const before = annotations('deployment-inline');
    expect(annotations('deployment-inline', '--set', 'settings.concurrency=7')).not.toEqual(before);
    const other = 'version: 1\naccount: 1\nmode: observe\nprotected: []\nlimits: {}\npaused: false';
    expect(annotations('deployment-inline', '--set-string', `policy.inline=${other}`)).toEqual(before);
  });

  it('a stop has 10 seconds longer than grantd takes for it, rounded up', () => {
    const graceOf = (name: string) => podsOf(render(name))[0]?.spec.terminationGracePeriodSeconds;
    expect(graceOf('deployment-inline')).toBe(30);
    expect(graceOf('settings')).toBe(56);
  });

  it('grantd waits for the first checkout in a Deployment, and a CronJob takes one and goes on', () => {
    const [daemon, doctor] = podsOf(render('git-sync-public'));
    expect(daemon?.spec.initContainers?.[0]).toMatchObject({
      restartPolicy: 'Always',
      startupProbe: { httpGet: { path: '/' } },
    });
    for (const pod of [doctor, podsOf(render('cronjob-git-sync'))[0]]) {
      const [gitSync] = pod?.spec.initContainers ?? [];
      expect(gitSync?.restartPolicy).toBeUndefined();
      expect(gitSync?.env).toContainEqual({ name: 'GITSYNC_ONE_TIME', value: 'true' });
    }
  });

  it('a CronJob applies once for each account, never beside itself, and is not repeated', () => {
    const jobs = render('cronjob-accounts').filter(({ kind }) => kind === 'CronJob');
    const spec = { concurrencyPolicy: 'Forbid', jobTemplate: { spec: { backoffLimit: 0 } } };
    expect(jobs).toMatchObject([{ spec }, { spec }]);
    expect(podsOf(jobs).map((pod) => pod.spec.containers[0]?.args)).toEqual([
      ['apply', '/etc/grantd/policy/team-a.yaml', '--unattended'],
      ['apply', '/etc/grantd/policy/team-b.yaml', '--unattended'],
    ]);
    const tokens = podsOf(jobs).map(
      ({ spec: { volumes } }) => volumes?.filter(({ name }) => name.startsWith('grantd-token-')).length,
    );
    expect(tokens).toEqual([1, 1]);
  });

  it('a CronJob has the receivers of notifications, so that what waits does not go unnoticed', () => {
    const objects = render('cronjob-inline', ['--set', 'notifications.slack.existingSecret=slack']);
    const [pod] = podsOf(objects.filter(({ kind }) => kind === 'CronJob'));
    expect(pod?.spec.volumes?.map(({ name }) => name)).toContain('grantd-slack');
    expect(pod?.spec.containers[0]?.volumeMounts).toContainEqual(
      expect.objectContaining({ name: 'grantd-slack', mountPath: '/etc/grantd/slack' }),
    );
    expect(JSON.stringify(objects)).toContain('slackUrlFile: /etc/grantd/slack/url');
  });
});

/** https://kubernetes.io/docs/concepts/security/pod-security-standards: baseline and restricted, as far as a pod says it. */
function againstRestricted(pod: Pod): readonly string[] {
  const found: string[] = [];
  const spec = pod.spec as Pod['spec'] & Readonly<Record<string, unknown>>;
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) if (spec[key]) found.push(key);
  for (const { name, ...source } of spec.volumes ?? []) {
    for (const kind of Object.keys(source)) if (!VOLUMES.includes(kind)) found.push(`volume ${name}: ${kind}`);
  }
  for (const { name, securityContext = {}, ...container } of containersOf(pod)) {
    const effective: Readonly<Record<string, unknown>> = { ...spec.securityContext, ...securityContext };
    const capabilities = effective['capabilities'] as { drop?: readonly string[]; add?: readonly string[] } | undefined;
    const seccomp = effective['seccompProfile'] as { type?: string } | undefined;
    if (effective['privileged']) found.push(`${name}: privileged`);
    if (effective['allowPrivilegeEscalation'] !== false) found.push(`${name}: allowPrivilegeEscalation`);
    if (effective['runAsNonRoot'] !== true) found.push(`${name}: runAsNonRoot`);
    if (effective['runAsUser'] === 0) found.push(`${name}: runAsUser`);
    if (!capabilities?.drop?.includes('ALL')) found.push(`${name}: capabilities are not dropped`);
    if ((capabilities?.add ?? []).some((added) => added !== 'NET_BIND_SERVICE'))
      found.push(`${name}: capabilities are added`);
    if (!['RuntimeDefault', 'Localhost'].includes(seccomp?.type ?? '')) found.push(`${name}: seccompProfile`);
    const ports = (container as { ports?: readonly { hostPort?: number }[] }).ports ?? [];
    if (ports.some(({ hostPort }) => hostPort !== undefined)) found.push(`${name}: hostPort`);
  }
  return found;
}

function ownContainers(objects: readonly KubernetesObject[]): readonly Container[] {
  return podsOf(objects)
    .flatMap(containersOf)
    .filter(({ name }) => ['grantd', 'git-sync', 'doctor'].includes(name));
}

function settingsOf(objects: readonly KubernetesObject[]): string {
  return objects.find(({ metadata }) => metadata.name.endsWith('-settings'))?.data?.['grantd.yaml'] ?? '';
}

function mountsTokenOfKubernetes({ spec }: Pod, { volumeMounts }: Container): boolean {
  const projected = (spec.volumes ?? []).filter((volume) => 'projected' in volume).map(({ name }) => name);
  return (volumeMounts ?? []).some(({ name }) => projected.includes(name));
}
