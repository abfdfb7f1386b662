import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const CHAOS = fileURLToPath(new URL('./chaos.mjs', import.meta.url));

function chaos(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHAOS, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the command line of chaos', () => {
  it('says what it does', () => {
    const { status, stdout, stderr } = chaos('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('npm run chaos -- --seed 12345');
  });

  it('refuses what it does not know, all of it at once', () => {
    expect(chaos('--worlds', 'x', '--minutes', '3', '7')).toEqual({
      status: 4,
      stdout: '',
      stderr:
        '7: nothing is known by that; --seed N plays one world, --worlds N so many\n' +
        '--worlds is "x": write a whole number from 1 to 10000000\n' +
        'See: npm run chaos -- --help\n',
    });
    expect(chaos('--bla').stderr).toContain("Unknown option '--bla'");
    expect(chaos('--seed', '3', '--write').stderr).toContain('--write means nothing beside --seed');
    expect(chaos('--worlds', '3', '--minutes', '3').stderr).toContain('give one of them');
  });
});
