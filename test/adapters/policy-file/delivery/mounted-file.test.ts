import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { skippedFor } from '../../../support/skipped-for.ts';
import { inNamespace, whyNot } from './support/namespace.ts';
import { policyText, sha256Of } from './support/policy-text.ts';
import { Stage } from './support/stage.ts';

/** Bind mounts in a mount namespace of the observer's own are what a container runtime makes of a subPath. */
const REASON = whyNot('mount');

let stage: Stage;

beforeAll(() => {
  stage = new Stage();
});

afterAll(() => stage.close());

/** What an observer in a mount namespace says of a path, up to the first look at the policy. */
async function linesOf(script: string, path: string): Promise<readonly unknown[]> {
  const observing = stage.start(inNamespace('mount', script, stage.observeFile()(path)));
  await observing.line(({ event }) => event === 'policy.accepted' || event === 'policy.unreadable');
  return observing.lines.filter(({ event }) => event === 'policy.never-changes').map(({ reason }) => reason);
}

function published(...names: readonly string[]): string {
  const path = join(stage.directory(), ...names);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, policyText(0));
  return path;
}

test('a file that is mounted by itself never changes, and that is said', skippedFor(REASON), async () => {
  const from = published('from.yaml');
  const to = published('a name with blanks', 'policy.yaml');
  expect(await linesOf(`mount --bind '${from}' '${to}'`, to)).toEqual([
    expect.stringContaining(`${to} is mounted by itself`),
  ]);
});

test('a subPath of one version of a ConfigMap never changes either', skippedFor(REASON), async () => {
  const from = published('..2026_11_23_10_11_12.123456789', 'policies', 'policy.yaml');
  const to = published('etc', 'policy.yaml');
  expect(await linesOf(`mount --bind '${join(from, '..')}' '${join(to, '..')}'`, to)).toEqual([
    expect.stringContaining('one version of a ConfigMap'),
  ]);
});

test('a mounted directory whose source was deleted shows nothing new', skippedFor(REASON), async () => {
  const from = published('from', 'policy.yaml');
  const to = published('to', 'policy.yaml');
  const replace = `rm -r '${join(from, '..')}' && mkdir '${join(from, '..')}'`;
  expect(await linesOf(`mount --bind '${join(from, '..')}' '${join(to, '..')}' && ${replace}`, to)).toEqual([
    expect.stringContaining('whose source was deleted'),
  ]);
});

test('a file in a mounted directory changes', skippedFor(REASON), async () => {
  const from = published('from', 'policy.yaml');
  const to = published('to', 'policy.yaml');
  expect(await linesOf(`mount --bind '${join(from, '..')}' '${join(to, '..')}'`, to)).toEqual([]);
});

test('what is written into a file that is mounted by itself shows all the same', skippedFor(REASON), async () => {
  const from = published('from.yaml');
  const to = published('to', 'policy.yaml');
  const observing = stage.start(inNamespace('mount', `mount --bind '${from}' '${to}'`, stage.observeFile()(to)));
  await observing.line(({ event }) => event === 'watch.mode');
  await observing.line(({ event }) => event === 'policy.accepted');
  writeFileSync(from, policyText(1));
  const sha256 = sha256Of(policyText(1));
  await observing.line((line) => line['trigger'] === 'file' && JSON.stringify(line).includes(sha256));
});
