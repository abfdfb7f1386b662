import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, parse, parseDocument, type YAMLMap } from 'yaml';
import { METRICS } from '../../src/adapters/metrics/table.ts';
import { ROOT } from '../support/build.ts';
import { skipFor } from '../support/skipped-for.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
}

const VALUES: Readonly<Record<string, unknown>> = parse(read('helm/grantd/values.yaml'));
const SCHEMA: Schema = JSON.parse(read('helm/grantd/values.schema.json'));
const CHART: Readonly<Record<string, string>> & { annotations: Readonly<Record<string, string>> } = parse(
  read('helm/grantd/Chart.yaml'),
);
const SETTINGS: Schema = JSON.parse(read('schemas/settings.v1.schema.json'));

/** What the chart says itself in the settings file, by values of its own or by where things are mounted. */
const SAID_BY_THE_CHART = [
  ...['policy', 'accounts', 'stateDir', 'auditLog', 'httpAddress', 'httpTokenFile'],
  'mailtrapWebhookSecretFile',
  ...['webhookUrlFile', 'webhookSecretFile', 'slackUrlFile', 'lease', 'leaseName', 'leaseDurationSeconds'],
  ...['stateConfigMap', 'kubernetesUrl', 'kubernetesNamespace', 'kubernetesTokenFile', 'kubernetesCaFile'],
];

/** The values that one sets: those whose description begins with `# --`, as path, default and description. */
const TOLD = toldValues(parseDocument(read('helm/grantd/values.yaml')).contents as YAMLMap, []);

/** The schemas of the same paths. */
const LEAVES = new Map(TOLD.map(({ path }) => [path, schemaAt(path)]));

describe('values, schema and README of the chart', () => {
  it('the schema has every value, with the same words, and no other', () => {
    for (const { path, says } of TOLD) expect(LEAVES.get(path)?.description, path).toBe(says);
    expect(pathsOf(SCHEMA, []).sort()).toEqual([...TOLD.map(({ path }) => path), 'global', 'enabled'].sort());
  });

  it('the README has a row for every value, with the same words and default, and no other', () => {
    const rows = [...read('helm/grantd/README.md').matchAll(/^\| `([\w.]+)` \| `(.*?)` \| (.*) \|$/gm)]
      .map(([, path, standard, says]) => ({
        path,
        standard: JSON.parse(`${standard}`),
        says: says?.replaceAll('&#124;', '|'),
      }))
      .sort(byPath);
    expect(rows).toEqual(TOLD.map(({ path, standard, says }) => ({ path, standard, says })).sort(byPath));
  });

  it('every object of the schema is closed, but for what Kubernetes defines and labels', () => {
    for (const path of groupsOf(SCHEMA, [])) expect(schemaAt(path)?.additionalProperties, path).toBe(false);
    const open = TOLD.filter(({ path }) => {
      const schema = LEAVES.get(path);
      return schema?.type === 'object' && schema.additionalProperties === undefined;
    });
    expect(open.map(({ path }) => path)).toEqual([
      ...['policy.existingVolume', 'policy.gitSync.resources', 'policy.gitSync.securityContext'],
      ...['podSecurityContext', 'securityContext', 'resources', 'livenessProbe', 'readinessProbe', 'affinity'],
    ]);
  });

  it('settings has every setting of grantd that the chart does not say itself, with the same schema', () => {
    const settable = Object.keys(SETTINGS.properties ?? {}).filter((key) => !SAID_BY_THE_CHART.includes(key));
    const { settings } = SCHEMA.properties ?? {};
    expect(Object.keys(settings?.properties ?? {})).toEqual(settable);
    for (const key of settable) {
      const { default: _, ...schema } = SETTINGS.properties?.[key] ?? {};
      expect(settings?.properties?.[key], key).toEqual(schema);
    }
  });
});

describe('what the chart carries', () => {
  it('has the version of grantd', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(CHART['appVersion']).toBe(version);
    expect(read('helm/grantd/CHANGELOG.md')).toContain(`## ${CHART['version']}\n`);
  });

  it('has the alert rules as they are shipped', () => {
    expect(read('helm/grantd/files/alerts.yaml')).toBe(read('config/alerts.yaml'));
  });

  it('has its icon within, so that nobody has to fetch it', () => {
    const [, data = ''] = `${CHART['icon']}`.split('base64,');
    expect(Buffer.from(data, 'base64').toString('utf8')).toBe(read('helm/grantd/icon.svg'));
  });

  it('tells Artifact Hub its changes, in the words that it knows', () => {
    const changes: readonly { kind: string; description: string }[] = parse(
      `${CHART.annotations['artifacthub.io/changes']}`,
    );
    const kinds = ['added', 'changed', 'deprecated', 'removed', 'fixed', 'security'];
    expect(changes.filter(({ kind }) => !kinds.includes(kind))).toEqual([]);
    for (const { description } of changes) expect(read('helm/grantd/CHANGELOG.md')).toContain(description);
  });

  it('has a dashboard that asks for metrics which there are', () => {
    const expressions = dashboardExpressions();
    expect(expressions.length).toBeGreaterThan(10);
    const names = expressions.flatMap((text) => [...text.matchAll(/grantd_[a-z_]+/g)].map(([name]) => name));
    expect(names.map((name) => name.replace(/_bucket$/, '')).filter((name) => !(name in METRICS))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('asks in words that Prometheus understands', (context) => {
    const promtool = process.env['PROMTOOL'] || 'promtool';
    const isHere = spawnSync(promtool, ['--version']).status === 0;
    if (!isHere) skipFor(context, 'promtool is not here: put it into the PATH, or its path into PROMTOOL');
    const rules = dashboardExpressions().map((expression, index) => ({
      record: `panel:${index}`,
      expr: expression.replaceAll('$__rate_interval', '5m').replaceAll('$account', '.*'),
    }));
    const directory = mkdtempSync(join(tmpdir(), 'grantd-chart-'));
    const file = join(directory, 'rules.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'rules', file], { encoding: 'utf8' });
    rmSync(directory, { recursive: true });
    expect(status, stdout + stderr).toBe(0);
  });
});

function dashboardExpressions(): readonly string[] {
  const { panels } = JSON.parse(read('helm/grantd/files/dashboard.json'));
  return panels.flatMap(({ targets }: { targets: readonly { expr: string }[] }) => targets.map(({ expr }) => expr));
}

interface Told {
  readonly path: string;
  readonly standard: unknown;
  readonly says: string;
}

function toldValues(map: YAMLMap, above: readonly string[]): readonly Told[] {
  return map.items.flatMap((pair, index) => {
    const key = isScalar(pair.key) ? pair.key : null;
    const path = [...above, `${key?.value}`];
    const comment = key?.commentBefore ?? (index === 0 ? map.commentBefore : null) ?? '';
    const [, told] = comment.split(/^ -- /m);
    if (told !== undefined) {
      return [{ path: path.join('.'), standard: valueAt(path), says: told.replaceAll(/\s*\n\s*/g, ' ').trim() }];
    }
    if (isMap(pair.value)) return toldValues(pair.value, path);
    throw new Error(`${path.join('.')} has no description`);
  });
}

function valueAt(path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], VALUES);
}

function schemaAt(path: string): Schema | undefined {
  return path.split('.').reduce<Schema | undefined>((schema, key) => schema?.properties?.[key], SCHEMA);
}

function groupsOf(schema: Schema, above: readonly string[]): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = [...above, key];
    return child.properties ? [path.join('.'), ...groupsOf(child, path)] : [];
  });
}

function pathsOf(schema: Schema, above: readonly string[]): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const path = [...above, key];
    return child.properties && path.join('.') !== 'settings' ? pathsOf(child, path) : [path.join('.')];
  });
}

function byPath(a: { path?: string | undefined }, b: { path?: string | undefined }): number {
  return `${a.path}` < `${b.path}` ? -1 : 1;
}
