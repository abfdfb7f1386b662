import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { skippedFor } from '../support/skipped-for.ts';
import { argumentsFor, CHART, type HelmRun, LONG_TEST_MS, template, whyNoHelm } from './support/helm.ts';

type Values = { readonly [key: string]: unknown };
interface Default {
  readonly path: string;
  readonly standard: unknown;
}

/** Every key of values.yaml, groups and what is in them. */
const DEFAULTS = keysOf(parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')), []);

/** Together they carry out every template. */
const SHAPES = ['everything', 'deployment-inline', 'cronjob-accounts', 'sidecar-lease'];

/** Null leaves these to Kubernetes, or takes a label away; everything else of the object stays. */
const LEFT_TO_KUBERNETES =
  /^(policy\.gitSync\.)?resources\.|^(liveness|readiness)Probe\.|ecurityContext\.(runAsUser|runAsGroup|fsGroup|fsGroupChangePolicy)$|^dashboard\.labels\./;

const emptied = DEFAULTS.filter(({ path, standard }) => isEmpty(standard) && path !== 'mode');
const omitted = DEFAULTS.filter(({ path }) => LEFT_TO_KUBERNETES.test(path));
const required = DEFAULTS.filter((one) => !emptied.includes(one) && !omitted.includes(one));

describe('null in the values', skippedFor(whyNoHelm), () => {
  it(
    'is refused by the schema, by name, where the chart needs the value',
    () => {
      expect(required.length).toBeGreaterThan(100);
      for (const { path } of required) {
        const { isDone, error } = templateOf('everything', '--set', `${path}=null`);
        expect(isDone, path).toBe(false);
        expect(error, path).toContain(`- at '${placeOf(path)}': missing property '${nameOf(path)}'`);
      }
    },
    LONG_TEST_MS,
  );

  it.each(SHAPES)(
    '%s: is the default where that is empty',
    (shape) => {
      expect(emptied.length).toBeGreaterThan(50);
      const isSet = ({ path }: Default) => valueAt(shape, path) !== undefined;
      const all = emptied.filter((one) => !isSet(one)).flatMap(({ path }) => ['--set', `${path}=null`]);
      expect(resultOf(templateOf(shape, ...all))).toBe(resultOf(templateOf(shape)));
      for (const { path, standard } of emptied.filter(isSet)) {
        const byNull = templateOf(shape, '--set', `${path}=null`);
        const byDefault = templateOf(shape, '--set-json', `${path}=${JSON.stringify(standard)}`);
        expect(resultOf(byNull), path).toBe(resultOf(byDefault));
        expect(byNull.error, path).not.toMatch(/nil pointer|YAML parse|error calling|wrong type/);
      }
    },
    LONG_TEST_MS,
  );

  it(
    'takes nothing but itself away where Kubernetes has a default',
    () => {
      expect(omitted.length).toBeGreaterThan(15);
      const all = linesOf(templateOf('everything'));
      for (const { path, standard } of omitted) {
        const left = linesOf(templateOf('everything', '--set', `${path}=null`));
        const names = [nameOf(path), ...Object.keys(isMap(standard) ? standard : {})];
        expect(missingIn(left, all), path).not.toEqual([]);
        for (const line of missingIn(left, all)) expect(names, `${path}: ${line}`).toContain(line.trim().split(':')[0]);
      }
    },
    LONG_TEST_MS,
  );

  it('leaves Kubernetes all times of a probe at once', () => {
    const times = DEFAULTS.filter(({ path }) => /Probe\./.test(path)).flatMap(({ path }) => ['--set', `${path}=null`]);
    const { isDone, output, error } = templateOf('deployment-inline', ...times);
    expect(isDone, error).toBe(true);
    expect(output).toContain('livenessProbe:');
    expect(output).not.toContain('periodSeconds');
  });
});

/** Helm leaves these null, since there is no default to remove. */
const WITHIN: readonly (readonly [path: string, json: string, place: string])[] = [
  ['accounts', '[null]', '/accounts/0'],
  ['accounts', '[{"name":"a","file":null}]', '/accounts/0/file'],
  ['accounts', '[{"name":"a","file":"a","token":null}]', '/accounts/0/token'],
  ['settings', '{"logLevel":null}', '/settings/logLevel'],
  ['podLabels', '{"team":null}', '/podLabels/team'],
  ['tolerations', '[null]', '/tolerations/0'],
  ['extraEnv', '[{"name":"A","value":null}]', '/extraEnv/0/value'],
  ['extraVolumes', '[{"name":null}]', '/extraVolumes/0/name'],
  ['extraObjects', '[null]', '/extraObjects/0'],
  ['networkPolicy.ingressFrom', '[null]', '/networkPolicy/ingressFrom/0'],
  ['policy.existingVolume', '{"persistentVolumeClaim":null}', '/policy/existingVolume/persistentVolumeClaim'],
  ['rbac.accountIds', '[null]', '/rbac/accountIds/0'],
];

it.each(WITHIN)('null within %s: %s is refused by name', skippedFor(whyNoHelm), (path, json, place) => {
  expect(templateOf('deployment-inline', '--set-json', `${path}=${json}`).error).toContain(`at '${place}': got null`);
});

describe('values of a wrong type, and empty ones', skippedFor(whyNoHelm), () => {
  it('all leaves at once: the schema names each', () => {
    const leaves = DEFAULTS.filter(({ standard }) => !isMap(standard) || isEmpty(standard));
    const sets = leaves.flatMap(({ path, standard }) => ['--set-json', `${path}=${wrongFor(standard)}`]);
    const { error } = templateOf('deployment-inline', ...sets);
    for (const { path } of leaves) expect(error, path).toContain(`at '/${path.replaceAll('.', '/')}`);
  });

  it('each group: the schema names it', () => {
    const groups = DEFAULTS.filter(({ standard }) => isMap(standard));
    for (const { path } of groups) {
      const { error } = templateOf('deployment-inline', '--set-json', `${path}="text"`);
      expect(error, path).toContain(`at '/${path.replaceAll('.', '/')}': got string, want object`);
    }
  });

  it('text that must not be empty: the schema names each', () => {
    const texts = DEFAULTS.filter(({ path, standard }) => isText(standard) && !path.includes('labels.'));
    const needed = texts.filter(({ path, standard }) => standard !== '' && !/resources\.|image\.tag$/.test(path));
    const { error } = templateOf('deployment-inline', ...needed.flatMap(({ path }) => ['--set', `${path}=`]));
    for (const { path } of needed) expect(error, path).toContain(`at '/${path.replaceAll('.', '/')}'`);
  });
});

/** How Helm writes large numbers matters where Kubernetes takes whole ones only. */
it('no number of the values is rendered with an exponent', skippedFor(whyNoHelm), () => {
  const { output } = templateOf('everything');
  expect(output).not.toMatch(/\d(\.\d+)?e\+\d/i);
  for (const line of ['"grantd-9007199254740991"', 'fsGroup: 1000650000', 'periodSeconds: 1000000']) {
    expect(output).toContain(line);
  }
  for (const line of ['maxUnavailable: 1000000', 'runTimeoutMs: 86400000']) expect(output).toContain(line);
  expect(output).toMatch(/timestamp_seconds\)\s+>\s+2592000\s/);
});

it('no egress port leaves no rule, which would allow every port', skippedFor(whyNoHelm), () => {
  const args = ['--set', 'networkPolicy.enabled=true', '--set-json', 'networkPolicy.egressPorts=[]'];
  const { isDone, output } = templateOf('deployment-inline', ...args);
  expect(isDone).toBe(true);
  const [, egress = ''] = /egress:\n([\s\S]*?)---/.exec(output) ?? [];
  expect(egress.match(/- ports:/g)).toHaveLength(1);
  expect(egress).toContain('port: 53');
});

function keysOf(values: Values, above: readonly string[]): readonly Default[] {
  return Object.entries(values).flatMap(([key, standard]) => {
    const path = [...above, key];
    return [{ path: path.join('.'), standard }, ...(isMap(standard) ? keysOf(standard, path) : [])];
  });
}

/** What the files of a shape set at a path; undefined if nothing. */
function valueAt(shape: string, path: string): unknown {
  const files = argumentsFor('values', shape).filter((word) => word.endsWith('.yaml'));
  const values = files.map((file) => parse(readFileSync(file, 'utf8')));
  const found = values.map((all) => path.split('.').reduce((value, key) => value?.[key], all));
  return found.findLast((value) => value !== undefined);
}

function templateOf(shape: string, ...more: readonly string[]): HelmRun {
  return template([...argumentsFor('values', shape), ...more]);
}

/** What was rendered, or why it was not. */
function resultOf({ isDone, output, error }: HelmRun): string {
  return isDone ? output : error;
}

/** A map in which nothing is left begins as it did. */
function linesOf({ isDone, output, error }: HelmRun): readonly string[] {
  expect(isDone, error).toBe(true);
  return output.split('\n').map((line) => line.replace(/: \{\}$/, ':'));
}

/** The lines of `all` that `left`, with the rest in the same order, does not have. A line more in `left` counts, too. */
function missingIn(left: readonly string[], all: readonly string[]): readonly string[] {
  const missing: string[] = [];
  let at = 0;
  for (const line of all) {
    if (line === left[at]) at += 1;
    else missing.push(line);
  }
  return [...missing, ...left.slice(at)];
}

function wrongFor(standard: unknown): string {
  if (isText(standard)) return 'true';
  return Array.isArray(standard) ? '{}' : '"text"';
}

function placeOf(path: string): string {
  const above = path.split('.').slice(0, -1);
  return above.map((key) => `/${key}`).join('');
}

function nameOf(path: string): string {
  return path.split('.').at(-1) ?? '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
