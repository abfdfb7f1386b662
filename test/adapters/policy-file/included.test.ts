import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPolicySource, type PolicySourceOptions } from '../../../src/adapters/policy-file/policy-source.ts';
import type { PolicyTexts } from '../../../src/core/document/source-text.ts';
import type { ResolvedPolicy } from '../../../src/core/domain/policy/entitlement.ts';
import { afterTest } from '../../support/after-test.ts';
import { temporary, until } from './temporary.ts';

const ROOT = 'include:\n  - { shared: common/groups.yaml }\n  - { team: teams/a.yaml, as: a, may: [account] }\n';
const RESOLVED = { entitlements: [] } as unknown as ResolvedPolicy;

/** A version of the set, as git-sync or a ConfigMap delivers it: a directory of its own. */
function version(directory: string, text: string, groups = text): string {
  mkdirSync(join(directory, 'common'), { recursive: true });
  mkdirSync(join(directory, 'teams'), { recursive: true });
  writeFileSync(join(directory, 'policy.yaml'), `# ${text}\n${ROOT}`);
  writeFileSync(join(directory, 'common/groups.yaml'), `# ${groups}\n`);
  writeFileSync(join(directory, 'teams/a.yaml'), `# ${text}\n`);
  return directory;
}

function scene(path: string, onSleep: (count: number) => void = () => {}, changes: Partial<PolicySourceOptions> = {}) {
  const checked: PolicyTexts[] = [];
  const slept: number[] = [];
  const source = createPolicySource({
    path,
    shownPath: 'access/policy.yaml',
    clock: {
      now: () => 0,
      sleep: async (durationMs) => {
        slept.push(durationMs);
        onSleep(slept.length);
      },
    },
    check: (texts) => {
      checked.push(texts);
      return { ok: true, value: RESOLVED, problems: [] };
    },
    ...changes,
  });
  return { source, checked, slept, read: () => source.read(new AbortController().signal) };
}

function wordsOf({ text, included = [] }: PolicyTexts): readonly string[] {
  const texts = included.map((one) => ('source' in one ? one.source.text : one.failure));
  return [text, ...texts].map((one) => one.split('\n')[0] ?? '');
}

describe('a policy that includes files', () => {
  test('counts once two whole reads, 2 seconds apart, are equal', async () => {
    const { read, checked, slept } = scene(join(version(temporary(), 'one'), 'policy.yaml'));
    expect((await read()).kind).toBe('valid');
    expect(slept).toEqual([2000]);
    expect(checked.map(wordsOf)).toEqual([['# one', '# one', '# one']]);
    expect(checked[0]?.included?.map((one) => 'source' in one && one.source.file)).toEqual([
      'access/common/groups.yaml',
      'access/teams/a.yaml',
    ]);
    await read();
    expect(slept).toEqual([2000]);
  });

  test('has a revision that covers the path and the content of each file', async () => {
    const directory = version(temporary(), 'one');
    const { read } = scene(join(directory, 'policy.yaml'));
    const revision = async () => {
      const reading = await read();
      return reading.kind === 'valid' ? reading.revision.sha256 : reading.kind;
    };
    const first = await revision();
    writeFileSync(join(directory, 'teams/a.yaml'), '# other\n');
    const second = await revision();
    writeFileSync(join(directory, 'teams/a.yaml'), '# one\n');
    expect(second).not.toBe(first);
    expect(await revision()).toBe(first);
    writeFileSync(join(directory, 'policy.yaml'), `# one\n${ROOT.replace('teams/a.yaml', 'teams/b.yaml')}`);
    renameSync(join(directory, 'teams/a.yaml'), join(directory, 'teams/b.yaml'));
    expect(await revision()).not.toBe(first);
  });

  test.each([1, 2, 3])('is never a mix while an editor saves one file after the other (%i s apart)', async (after) => {
    const directory = version(temporary(), 'old');
    const steps: (() => void)[] = [
      () => writeFileSync(join(directory, 'common/groups.yaml'), '# new\n'),
      () => writeFileSync(join(directory, 'teams/a.yaml'), '# new\n'),
      () => writeFileSync(join(directory, 'policy.yaml'), `# new\n${ROOT}`),
    ];
    const { read, checked } = scene(join(directory, 'policy.yaml'), (count) => steps[count - after]?.());
    await read();
    expect(new Set(wordsOf(checked.at(-1) as PolicyTexts)).size).toBe(1);
  });

  test('is of one version while git-sync replaces its link, at every moment', async () => {
    for (const moment of [1, 2]) {
      const base = temporary();
      version(join(base, 'a'.repeat(40)), 'old');
      version(join(base, 'b'.repeat(40)), 'new');
      symlinkSync('a'.repeat(40), join(base, 'current'));
      const swap = (count: number) => {
        if (count !== moment) return;
        symlinkSync('b'.repeat(40), join(base, 'next'));
        renameSync(join(base, 'next'), join(base, 'current'));
      };
      const { read, checked } = scene(join(base, 'current/policy.yaml'), swap);
      const reading = await read();
      expect(new Set(wordsOf(checked.at(-1) as PolicyTexts)).size).toBe(1);
      const commit = reading.kind === 'valid' ? reading.revision.commit : null;
      expect(commit).toBe((moment === 1 ? 'b' : 'a').repeat(40));
    }
  });

  test('is of one version of a ConfigMap, whose keys are flat', async () => {
    const base = temporary();
    const deliver = (name: string, text: string) => {
      mkdirSync(join(base, name));
      writeFileSync(
        join(base, name, 'policy.yaml'),
        `# ${text}\ninclude: [{ team: team-a.yaml, as: a, may: [account] }]\n`,
      );
      writeFileSync(join(base, name, 'team-a.yaml'), `# ${text}\n`);
      symlinkSync(name, join(base, '..next'));
      renameSync(join(base, '..next'), join(base, '..data'));
    };
    deliver('..2026_12_01_1', 'old');
    for (const key of ['policy.yaml', 'team-a.yaml']) symlinkSync(`..data/${key}`, join(base, key));
    const { read, checked } = scene(join(base, 'policy.yaml'), (count) => {
      if (count === 1) deliver('..2026_12_01_2', 'new');
    });
    await read();
    expect(wordsOf(checked.at(-1) as PolicyTexts)).toEqual(['# new', '# new']);
  });

  test('says why a file is missing, and reads it once it is there', async () => {
    const directory = version(temporary(), 'one');
    rmSync(join(directory, 'teams/a.yaml'));
    const { read, checked } = scene(join(directory, 'policy.yaml'));
    await read();
    expect(wordsOf(checked[0] as PolicyTexts)).toEqual(['# one', '# one', 'there is no such file']);
    writeFileSync(join(directory, 'teams/a.yaml'), '# one\n');
    await read();
    expect(wordsOf(checked[1] as PolicyTexts)).toEqual(['# one', '# one', '# one']);
  });

  test.each(['auto', 'polling'] as const)('is watched, each of its files (%s)', async (mode) => {
    const directory = version(temporary(), 'one');
    const { source, read } = scene(join(directory, 'policy.yaml'), undefined, { watch: { mode, lookIntervalMs: 20 } });
    let hints = 0;
    const watch = source.watch({ onHint: () => (hints += 1), onMode: () => {} });
    afterTest(() => watch.close());
    await read();
    await until(() => hints > 0);
    for (const path of ['teams/a.yaml', 'common/groups.yaml', 'policy.yaml']) {
      const before = hints;
      await until(() => {
        writeFileSync(join(directory, path), `# ${Math.random()}\n${path === 'policy.yaml' ? ROOT : ''}`);
        return hints > before;
      });
    }
  });
});
