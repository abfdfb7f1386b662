import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/build.ts';
import { skipFor, skippedFor } from '../support/skipped-for.ts';
import { helm, LONG_TEST_MS, objectsOf, template, whyNoHelm } from './support/helm.ts';
import { type KubernetesObject, type Pod, podsOf } from './support/kubernetes-object.ts';
import { schemaErrors, typeErrors, whyNoSchemas } from './support/kubernetes-schema.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'grantd-host-'));
const HOST = join(FOLDER, 'examples/host');
afterAll(() => rmSync(FOLDER, { recursive: true }));

describe('the example of a chart whose pod carries grantd', skippedFor(whyNoHelm), () => {
  beforeAll(() => {
    cpSync(join(ROOT, 'helm'), FOLDER, { recursive: true });
    const { isDone, error } = helm(['dependency', 'build', HOST]);
    expect(isDone, error).toBe(true);
  }, LONG_TEST_MS);

  it(
    'passes the strict lint, and its objects are as Kubernetes demands',
    async (context) => {
      const { isDone, output, error } = helm(['lint', '--strict', HOST]);
      expect(isDone, output + error).toBe(true);
      if (whyNoSchemas !== null) skipFor(context, whyNoSchemas);
      expect(await schemaErrors(rendered())).toEqual([]);
      expect(typeErrors(rendered())).toEqual([]);
    },
    LONG_TEST_MS,
  );

  it('has git-sync and grantd beside its own container, which neither delays nor makes unready', () => {
    const { spec } = hostPod(rendered());
    expect(spec.containers.map(({ name }) => name)).toEqual(['host']);
    expect(spec.initContainers?.map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ['git-sync', 'Always'],
      ['grantd', 'Always'],
    ]);
    for (const container of spec.initContainers ?? []) {
      expect(container).not.toHaveProperty('startupProbe');
      expect(container).not.toHaveProperty('readinessProbe');
    }
    expect(spec.initContainers?.[1]).toHaveProperty('livenessProbe');
  });

  it('shows the container of the host neither the token of Mailtrap nor the checkout', () => {
    expect(hostPod(rendered()).spec.containers[0]?.volumeMounts ?? []).toEqual([]);
  });

  it('gives the rights to the ServiceAccount of the host, and makes none', () => {
    const objects = rendered();
    const [binding] = objects.filter(({ kind }) => kind === 'RoleBinding');
    expect(binding).toMatchObject({ subjects: [{ kind: 'ServiceAccount', name: 'host' }] });
    expect(objects.filter(({ kind }) => kind === 'ServiceAccount').map(({ metadata }) => metadata.name)).toEqual([
      'host',
    ]);
  });

  it('is found by a PodMonitor', () => {
    const objects = rendered('--set', 'grantd.podMonitor.enabled=true');
    const [monitor] = objects.filter(({ kind }) => kind === 'PodMonitor');
    const [host] = objects.filter(({ kind }) => kind === 'Deployment');
    expect(host?.spec.template.metadata.labels).toMatchObject(monitor?.spec.selector.matchLabels);
    expect(monitor?.spec.podMetricsEndpoints.map(({ port }: { port: string }) => port)).toEqual([
      'grantd-http',
      'git-sync',
    ]);
  });

  it('has files of Secrets for the group of the pod only where the host says that there is one', () => {
    const modeOf = (...more: readonly string[]) => {
      const { spec } = hostPod(rendered(...more));
      return spec.volumes?.find(({ name }) => name === 'grantd-token-default')?.['secret'];
    };
    expect(modeOf()).toMatchObject({ defaultMode: 0o440 });
    expect(modeOf('--set', 'grantd.sidecar.hostSetsFsGroup=false')).toMatchObject({ defaultMode: 0o444 });
  });

  it('may be installed on a condition', () => {
    expect(template(['--set', 'grantd.enabled=true'], HOST)).toMatchObject({ isDone: true });
  });

  it('what grantd cannot be installed with is refused there, too', () => {
    expect(template(['--set', 'grantd.lease.enabled=false'], HOST).error).toContain('several grantd would write');
    expect(template(['--set', 'grantd.securityContext=null'], HOST).error).toContain(
      "missing property 'securityContext'",
    );
  });
});

function rendered(...more: readonly string[]): readonly KubernetesObject[] {
  const { isDone, output, error } = template(more, HOST);
  if (!isDone) throw new Error(error);
  return objectsOf(output);
}

function hostPod(objects: readonly KubernetesObject[]): Pod {
  const [pod] = podsOf(objects).filter(({ of }) => of.startsWith('Deployment'));
  if (!pod) throw new Error('there is no Deployment');
  return pod;
}
