import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { textOf } from './repository.ts';

const CI = textOf('.ci/run');
const BROKEN = 'echo "npm error" >&2; exit 1';
const WORKING = 'echo "export HELM=/there/helm"';
const COUNTS = 'echo "HELM=$HELM"';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('tools of the chart that cannot be fetched', () => {
  it('fail the job of the workflow before a test could be skipped', () => {
    const { jobs } = parse(textOf('.github/workflows/ci.yml'));
    const { run } = jobs.chart.steps.at(-1);
    // GitHub runs a step so, if it names no shell.
    const job = (fetch: string) => bash(['-e', '-c', run], { '.ci/chart-tools/fetch': fetch, 'bin/npm': COUNTS });
    expect(job(WORKING)).toMatchObject({ status: 0, stdout: 'HELM=/there/helm\n' });
    expect(job(BROKEN)).toMatchObject({ status: 1, stdout: '' });
  });

  it('fail a step of .ci/run', () => {
    const script = `${functionOf('fetch_chart_tools')}\nchart_tools=exports\nfetch_chart_tools && cat exports`;
    const step = (fetch: string, uname = 'echo Linux x86_64') =>
      bash(['-uo', 'pipefail', '-c', script], { '.ci/chart-tools/fetch': fetch, 'bin/uname': uname });
    expect(step(WORKING)).toMatchObject({ status: 0, stdout: 'export HELM=/there/helm\n' });
    expect(step(BROKEN)).toMatchObject({ status: 1, stderr: 'npm error\n' });
    expect(step(BROKEN, 'echo Darwin arm64').stdout).toContain('the tests of the chart are skipped');
    expect(CI).toMatch(/^step '.+' fetch_chart_tools$/m);
  });

  it('are never hidden in an argument of eval', () => {
    for (const path of ['.ci/run', '.ci/chart-tools/fetch', '.github/workflows/ci.yml', 'CONTRIBUTING.md']) {
      expect(textOf(path), path).not.toMatch(/eval "?\$\(/);
    }
  });
});

describe('what .ci/run says of the tree', () => {
  const cleanTree = (git: string) =>
    bash(['-uo', 'pipefail', '-c', `${functionOf('clean_tree')}\nclean_tree`], { 'bin/git': git });

  it('is that it is clean, or what is left behind', () => {
    expect(cleanTree('exit 0')).toMatchObject({ status: 0, stdout: '' });
    expect(cleanTree('echo "?? left"')).toMatchObject({ status: 1, stdout: '?? left\n' });
  });

  it('is never that it is clean where git fails', () => {
    const { status, stdout } = cleanTree('echo "fatal: not a git repository" >&2; exit 128');
    expect(status).toBe(1);
    expect(stdout).toContain('git status failed');
  });

  it('comes with what was printed, and a log that is missing is no proof', () => {
    for (const name of ['no_secrets', 'no_warnings']) {
      const script = (log: string) => `log=${log}\n${functionOf(name)}\n${name}`;
      const found = (log: string) => bash(['-uo', 'pipefail', '-c', script(log)], { log: 'all is well' }).status;
      expect([found('log'), found('missing')], name).toEqual([0, 1]);
    }
  });
});

/** A function of .ci/run as it is written there. */
function functionOf(name: string): string {
  const found = new RegExp(`^${name}\\(\\) \\{(?:.*\\}$|\\n[\\s\\S]*?^\\}$)`, 'm').exec(CI);
  if (!found) throw new Error(`.ci/run has no ${name}`);
  return found[0];
}

/** Runs bash in a folder with these executables; those of `bin` come before those of this machine. */
function bash(args: readonly string[], files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'grantd-ci-'));
  folders.push(folder);
  for (const [path, script] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, RUNNER_TEMP: folder, work: folder };
  return spawnSync('bash', ['--norc', ...args], { cwd: folder, env, encoding: 'utf8' });
}
