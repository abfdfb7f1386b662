import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../support/build.ts';
import type { KubernetesObject } from './kubernetes-object.ts';

/** A node_modules folder with kubernetes-models: the schemas of Kubernetes 1.35 and of the Prometheus operator. */
const MODELS = process.env['KUBERNETES_MODELS'] ?? '';

/** Why rendered objects cannot be validated, or null. Printed, so that skipped tests are seen. */
export const whyNoSchemas: string | null = (() => {
  if (existsSync(join(MODELS, 'kubernetes-models'))) return null;
  const reason = 'skipped: KUBERNETES_MODELS names no folder with kubernetes-models (.ci/chart-tools/fetch brings it)';
  process.stderr.write(`${reason}\n`);
  return reason;
})();

/** What the schemas say against the objects: types, patterns, required keys. Keys that nobody knows are not told. */
export async function schemaErrors(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const module = await import(pathToFileURL(join(MODELS, moduleOf(object), 'index.js')).href);
      const Model = module[object.kind];
      if (Model === undefined) return [`${nameOf(object)}: there is no such kind in ${object.apiVersion}`];
      try {
        new Model(object).validate();
        return [];
      } catch (error) {
        return [`${nameOf(object)}: ${(error as Error).message}`];
      }
    }),
  );
  return found.flat();
}

/**
 * What the TypeScript compiler says against them, by the same schemas as types: above all a key that there is not, which
 * Kubernetes would drop in silence. All at once, since starting the compiler takes longer than checking.
 */
export function typeErrors(objects: readonly KubernetesObject[]): readonly string[] {
  const directory = mkdtempSync(join(tmpdir(), 'grantd-chart-types-'));
  try {
    symlinkSync(MODELS, join(directory, 'node_modules'));
    const lines = objects.map((object, index) => {
      const types = `import('${moduleOf(object)}').I${object.kind}`;
      return `export const object${index}: ${types} = ${JSON.stringify(object)};`;
    });
    writeFileSync(join(directory, 'objects.ts'), `${lines.join('\n')}\n`);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: 'nodenext',
      types: [],
      target: 'es2022',
    };
    writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['objects.ts'] }));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', directory, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    return status === 0 ? [] : stdout.split('\n').filter((line) => line.includes('error'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function moduleOf({ apiVersion }: KubernetesObject): string {
  const isMonitoring = apiVersion.startsWith('monitoring.coreos.com/');
  return `${isMonitoring ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models'}/${apiVersion}`;
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
