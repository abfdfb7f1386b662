import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../../support/build.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

export const CHART = join(ROOT, 'helm/grantd');
const FOLDER = join(ROOT, 'test/chart');
const HELM = process.env['HELM'] || 'helm';

/** A release of Kubernetes that has all that the chart renders. */
const KUBE_VERSION = '1.35.0';

/** For tests that start many processes, on a machine that does much else. */
export const LONG_TEST_MS = 600_000;

/** Why there is no helm to test the chart with, or null. Printed, so that skipped tests are seen. */
export const whyNoHelm: string | null = (() => {
  const { status, stdout } = spawnSync(HELM, ['version', '--short'], { encoding: 'utf8' });
  if (status === 0 && stdout.startsWith('v4.')) return null;
  const reason =
    'skipped: helm 4 is not here; put it into the PATH, or its path into HELM (.ci/chart-tools/fetch brings it)';
  process.stderr.write(`${reason}\n`);
  return reason;
})();

export interface HelmRun {
  readonly isDone: boolean;
  readonly output: string;
  readonly error: string;
}

export function helm(args: readonly string[], cwd = ROOT): HelmRun {
  const { status, stdout, stderr } = spawnSync(HELM, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { isDone: status === 0, output: stdout, error: stderr };
}

/** The names of the value files of a folder, without the one that all are laid upon. */
export function valueFiles(folder: 'values' | 'bad'): readonly string[] {
  const names = readdirSync(join(FOLDER, folder)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => name.slice(0, -'.yaml'.length)).filter((name) => name !== 'base');
}

export function argumentsFor(folder: 'values' | 'bad', name: string): readonly string[] {
  return ['--values', join(FOLDER, folder, 'base.yaml'), '--values', join(FOLDER, folder, `${name}.yaml`)];
}

export function template(args: readonly string[], chart = CHART): HelmRun {
  return helm(['template', 'release', chart, '--namespace', 'access', '--kube-version', KUBE_VERSION, ...args]);
}

const RENDERED = new Map<string, readonly KubernetesObject[]>();

/** The objects of a value file of `values`, with what is set besides; rendered once for each. */
export function render(name: string, more: readonly string[] = []): readonly KubernetesObject[] {
  const key = JSON.stringify([name, more]);
  const known = RENDERED.get(key);
  if (known) return known;
  const { isDone, output, error } = template([...argumentsFor('values', name), ...more]);
  if (!isDone) throw new Error(`${name} does not render: ${error}`);
  const objects = objectsOf(output);
  RENDERED.set(key, objects);
  return objects;
}

/** Kubernetes reads YAML 1.1, in which 0440 is octal. */
export function objectsOf(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`no YAML: ${document.errors.join('\n')}`);
    const object: unknown = document.toJS();
    return object === null ? [] : [object as KubernetesObject];
  });
}
