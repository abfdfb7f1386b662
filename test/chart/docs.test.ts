import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../docs/shell-blocks.ts';
import { ROOT } from '../support/build.ts';
import { skippedFor } from '../support/skipped-for.ts';
import { argumentsFor, CHART, helm, template, whyNoHelm } from './support/helm.ts';

const README = 'helm/grantd/README.md';

describe('values that the pages show', () => {
  const shown = [...blocksOf('docs/kubernetes.md', 'yaml'), ...blocksOf(README, 'yaml')].filter((block) =>
    /^(# values|mode:|replicas:)/.test(block),
  );

  it('are many', () => expect(shown.length).toBeGreaterThanOrEqual(6));

  it.each(shown)('can be installed: %s', skippedFor(whyNoHelm), (block) => {
    const directory = mkdtempSync(join(tmpdir(), 'grantd-chart-'));
    writeFileSync(join(directory, 'values.yaml'), block);
    // A block that begins in the middle is laid upon values that work.
    const below = block.includes('mode:') ? [] : argumentsFor('values', 'deployment-inline');
    const { isDone, error } = template([...below, '--values', join(directory, 'values.yaml')]);
    rmSync(directory, { recursive: true });
    expect(isDone, error).toBe(true);
  });

  it('what the workflow installs in kind renders, with the example of a policy', skippedFor(whyNoHelm), () => {
    const args = [
      '--values',
      join(CHART, 'ci/kind-values.yaml'),
      '--set-file',
      'policy.inline=config/policy.example.yaml',
    ];
    expect(template(args)).toMatchObject({ isDone: true, error: '' });
  });

  it('the lines for a host are those of the example', () => {
    const [lines = ''] = blocksOf(README, 'yaml').filter((block) => block.startsWith('template:'));
    const includes = (text: string) =>
      [...text.matchAll(/include "[\w.]+" \.Subcharts\.grantd/g)].map(([line]) => line);
    expect(includes(lines)).toHaveLength(4);
    expect(includes(lines)).toEqual(
      includes(readFileSync(join(ROOT, 'helm/examples/host/templates/host.yaml'), 'utf8')),
    );
  });
});

describe('the notes after an installation', skippedFor(whyNoHelm), () => {
  const notesOf = (name: string) => {
    const args = [
      'install',
      'release',
      CHART,
      '--dry-run=client',
      '--namespace',
      'access',
      ...argumentsFor('values', name),
    ];
    const { isDone, output, error } = helm(args);
    expect(isDone, error).toBe(true);
    return output.slice(output.indexOf('NOTES:'));
  };

  it('name the Secrets, the check and the next command', () => {
    const notes = notesOf('accounts-git-sync');
    expect(notes).toContain('grantd 0.1.0, deployment, 2 account(s), policy by gitSync');
    expect(notes).toContain('kubectl -n access get secret mailtrap-b    # key api');
    expect(notes).toContain('helm -n access test release --logs');
    expect(notes).toContain('kubectl -n access exec deployment/release-grantd -- grantd plan /git/current/team-a.yaml');
  });

  it('say what is lost with an emptyDir, and who is let in without a token', () => {
    expect(notesOf('storage-empty-dir')).toContain('the audit log is gone with the pod');
    expect(notesOf('deployment-inline')).not.toContain('NOTE:');
  });

  it('tell how to run a CronJob now, and what a sidecar still needs', () => {
    expect(notesOf('cronjob-accounts')).toContain('create job release-grantd-now --from=cronjob/release-grantd-team-a');
    expect(notesOf('sidecar-one-pod')).toContain('Nothing runs yet');
  });
});
