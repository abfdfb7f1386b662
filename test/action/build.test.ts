import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/build.ts';
import { skipFor } from '../support/skipped-for.ts';
import { workplace } from '../support/workplace.ts';

vi.setConfig({ testTimeout: 900_000 });

interface Action {
  readonly runs: { readonly steps: readonly { readonly name: string; readonly run: string; readonly env?: object }[] };
}

const [build] = (parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action).runs.steps;

describe('the action', () => {
  it('builds without a secret', () => {
    expect([build?.name, build?.env]).toEqual(['Build grantd', undefined]);
  });

  it('builds the grantd of its own commit, from nothing but a checkout', (context) => {
    if (process.env['GRANTD_ACTION_BUILD'] === undefined)
      skipFor(context, 'it installs from the registry, as .ci/run does: set GRANTD_ACTION_BUILD=1');
    const checkout = workplace();
    const archive = execFileSync('git', ['archive', 'HEAD'], { cwd: ROOT, maxBuffer: 256 * 2 ** 20 });
    execFileSync('tar', ['-x', '-C', checkout], { input: archive });
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', GITHUB_ACTION_PATH: checkout };
    const ended = spawnSync('bash', ['-eo', 'pipefail', '-c', build?.run ?? ''], { env, encoding: 'utf8' });
    expect(ended.status, ended.stdout + ended.stderr).toBe(0);
    expect(existsSync(join(checkout, 'dist/main.js'))).toBe(true);
    const version = execFileSync(process.execPath, [join(checkout, 'dist/main.js'), '--version'], { encoding: 'utf8' });
    expect(version).toContain(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  });
});
