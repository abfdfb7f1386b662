import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CompiledScript, compileScript } from '../../support/compile-script.ts';
import { skippedFor } from '../../support/skipped-for.ts';
import { inNamespace, whyNot } from '../policy-file/delivery/support/namespace.ts';
import { emptyDirectory } from './support/puts.ts';

const REASON = whyNot('mount');

describe('a disk that is full', skippedFor(REASON), () => {
  let script: CompiledScript;

  beforeAll(() => {
    script = compileScript('test/adapters/audit/support/full-disk');
  });

  afterAll(() => script.remove());

  test('no PUT is intended that is not written down, nothing is torn, and owed outcomes come first once there is room', () => {
    const disk = join(emptyDirectory(), 'disk');
    mkdirSync(disk);
    const mount = `mount -t tmpfs -o size=160k none ${disk}`;
    const [command, ...args] = inNamespace('mount', mount, [process.execPath, script.path, disk]);
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const found = JSON.parse(stdout);
    const failure = {
      code: 'audit-unwritable',
      message: `the audit log ${disk}/audit.jsonl cannot be written: the disk is full`,
      remedy: expect.stringContaining('make room'),
    };
    expect(found.intended).toBeGreaterThan(20);
    expect(found).toMatchObject({ failure, again: failure, intendedWhenFull: found.intended });
    expect(found.outcomes.filter(Boolean).length).toBeGreaterThan(0);
    expect(found.whileFull).toMatchObject({ breaks: [], intents: found.intended });
    // Room for all of them, and for the next PUT.
    expect(found.after).toMatchObject({ breaks: [], intents: found.intended + 1, repaired: 0 });
    expect(found.after.withoutOutcome).toHaveLength(1);
    expect(found.kinds.filter((kind: string) => kind === 'outcome')).toHaveLength(found.intended);
    expect(found.kinds.at(-1)).toBe('intent');
  });
});
