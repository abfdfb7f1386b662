import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { skipFor, skippedFor } from '../support/skipped-for.ts';
import {
  argumentsFor,
  CHART,
  helm,
  LONG_TEST_MS,
  objectsOf,
  render,
  template,
  valueFiles,
  whyNoHelm,
} from './support/helm.ts';
import type { KubernetesObject } from './support/kubernetes-object.ts';
import { schemaErrors, typeErrors, whyNoSchemas } from './support/kubernetes-schema.ts';

const NAMES = valueFiles('values');

describe('the chart, by helm', skippedFor(whyNoHelm), () => {
  it('is tried with every shape and option', () => {
    expect(NAMES.length).toBeGreaterThanOrEqual(25);
  });

  it.each(NAMES)('%s: passes the strict lint', (name) => {
    const { isDone, output, error } = helm(['lint', '--strict', CHART, ...argumentsFor('values', name)]);
    expect(isDone, output + error).toBe(true);
  });

  it.each(NAMES)('%s: renders the same twice, with a name of its own for each object', (name) => {
    const objects = render(name);
    expect(objectsOf(template(argumentsFor('values', name)).output)).toEqual(objects);
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { metadata } of objects) expect(metadata.name.length).toBeLessThanOrEqual(52);
  });

  it('what a lint of templates would let pass, and Kubernetes not, is noticed by both validators', async (context) => {
    if (whyNoSchemas !== null) skipFor(context, whyNoSchemas);
    const [good] = render('deployment-inline').filter(({ kind }) => kind === 'Deployment');
    const wrongType = change(good, '"revisionHistoryLimit":3', '"revisionHistoryLimit":"3"');
    const unknownKey = change(good, '"readinessProbe"', '"readynessProbe"');
    expect(await schemaErrors([wrongType])).toEqual([expect.stringContaining('revisionHistoryLimit must be integer')]);
    expect(typeErrors([unknownKey])).toEqual([expect.stringContaining('\'"readynessProbe"\' does not exist')]);
  });

  it(
    'every object of every value file is as the schemas of Kubernetes demand',
    async (context) => {
      if (whyNoSchemas !== null) skipFor(context, whyNoSchemas);
      const objects = NAMES.flatMap((name) => render(name));
      expect(new Set(objects.map(({ kind }) => kind))).toEqual(
        new Set([
          ...[
            'ConfigMap',
            'CronJob',
            'Deployment',
            'NetworkPolicy',
            'PersistentVolumeClaim',
            'Pod',
            'PodDisruptionBudget',
          ],
          ...['PodMonitor', 'PrometheusRule', 'Role', 'RoleBinding', 'Service', 'ServiceAccount', 'ServiceMonitor'],
        ]),
      );
      expect(await schemaErrors(objects)).toEqual([]);
      expect(typeErrors(objects)).toEqual([]);
    },
    LONG_TEST_MS,
  );

  it('is refused where native sidecars are not on', () => {
    const args = ['template', 'r', CHART, ...argumentsFor('values', 'git-sync-public'), '--kube-version', '1.28.9'];
    expect(helm(args).error).toContain('chart requires kubeVersion: >=1.29.0-0');
  });

  it('gives no byte of an inline policy another meaning', () => {
    const text =
      '# "quoted" <&> \u00e9 \\n 0o7 yes\nversion: 1\naccount: 3229\nmode: observe\nprotected: ["no"]\nlimits: {}\n\tgrants: []\npaused: false';
    const file = join(mkdtempSync(join(tmpdir(), 'grantd-chart-')), 'policy.yaml');
    writeFileSync(file, text);
    const { output } = template([
      ...argumentsFor('values', 'deployment-inline'),
      '--set-file',
      `policy.inline=${file}`,
    ]);
    rmSync(dirname(file), { recursive: true });
    const [policy] = objectsOf(output).filter(({ metadata }) => metadata.name === 'release-grantd-policy');
    expect(policy?.data).toEqual({ 'policy.yaml': text });
  });

  it('carries out templates in extraObjects', () => {
    const objects = render('extras').filter(({ metadata }) => /-(beside|text)$/.test(metadata.name));
    expect(objects.map(({ metadata, data }) => [metadata.name, data?.['mode']])).toEqual([
      ['release-beside', 'deployment'],
      ['release-grantd-text', undefined],
    ]);
  });
});

function change(object: KubernetesObject | undefined, from: string, to: string): KubernetesObject {
  const text = JSON.stringify(object);
  if (!text.includes(from)) throw new Error(`${from} is not there`);
  return JSON.parse(text.replace(from, to));
}
