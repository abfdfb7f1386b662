import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/build.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { argumentsFor, CHART, LONG_TEST_MS, render, template, valueFiles, whyNoHelm } from './support/helm.ts';

const PREVIOUS = join(ROOT, 'test/chart/previous');

/** The defaults of each version that somebody may have installed; a release adds its own. */
const VERSIONS = readdirSync(PREVIOUS).map((name) => name.replace(/^values-(.*)\.yaml$/, '$1'));

describe('values of versions before', () => {
  it('are kept of every version of the changelog', () => {
    const changelog = readFileSync(join(CHART, 'CHANGELOG.md'), 'utf8');
    expect(VERSIONS.sort()).toEqual([...changelog.matchAll(/^## (\S+)$/gm)].map(([, version]) => version).sort());
  });

  it.each(VERSIONS)(
    '%s: helm upgrade --reuse-values renders each shape',
    { timeout: LONG_TEST_MS, ...skippedFor(whyNoHelm) },
    (version) => {
      const folder = mkdtempSync(join(tmpdir(), 'grantd-upgrade-'));
      try {
        // --reuse-values lays what was set on the defaults of the version before, and gives the new templates that.
        cpSync(CHART, folder, { recursive: true });
        cpSync(join(PREVIOUS, `values-${version}.yaml`), join(folder, 'values.yaml'));
        for (const name of valueFiles('values')) {
          const { isDone, error } = template(argumentsFor('values', name), folder);
          expect(isDone, `${name}: ${error}`).toBe(true);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it(
    'neither name nor selector of a Deployment depends on the version, since they cannot be changed',
    skippedFor(whyNoHelm),
    () => {
      const [deployment] = render('deployment-inline').filter(({ kind }) => kind === 'Deployment');
      expect(deployment?.metadata.name).toBe('release-grantd');
      expect(deployment?.spec.selector.matchLabels).toEqual({
        'app.kubernetes.io/name': 'grantd',
        'app.kubernetes.io/instance': 'release',
        'app.kubernetes.io/component': 'daemon',
      });
    },
  );
});
