import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type Printed, runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { provenAt, workplace } from '../support/workplace.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await simulate();
});
afterEach(() => simulator.close());

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

/** Ann’s and Bob’s grants end, Erin’s begins, and nobody else is named. */
function scene(): (...words: readonly string[]) => Promise<Printed> {
  const policy = `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: [owner@example.com]
limits: { revokes: { principals: 50, percent: 100 }, admins: 1 }
ends: { bob@example.com: ${day(5)} }
grants:
  - { to: ann@example.com, resource: project:Checkout, level: viewer, until: ${day(20)} }
  - { to: ann@example.com, resource: inbox:Checkout/Staging, level: admin }
  - { to: bob@example.com, resource: project:Checkout, level: viewer, until: ${day(40)} }
  - { to: erin@example.com, resource: project:Checkout, level: viewer, from: ${day(10)} }
paused: false
`;
  const world = { cwd: workplace({ 'policy.yaml': policy }), env: provenAt(simulator) };
  return (...words) => runCli(words, world);
}

describe('--at', () => {
  test('of explain judges the dates at that moment, and says that the account is as it was read', async () => {
    const grantd = scene();
    const now = await grantd('explain', 'ann@example.com', 'project:Checkout');
    const later = await grantd('explain', 'ann@example.com', 'project:Checkout', '--at', day(30));
    expect(now.stdout).toContain('entitled viewer');
    expect(now.stderr).toBe('');
    expect(later.stdout).toContain(`at ${day(30)}T00:00:00Z`);
    expect(later.stdout).toContain('entitled none');
    expect(later.stderr.replace(/\s+/g, ' ')).toContain('The account is as it was read, not as it was or will be');
    const offline = await grantd('explain', 'ann@example.com', '--offline', '--at', day(30));
    expect(offline.stdout).toContain(`at ${day(30)}T00:00:00Z`);
  });

  test('of who names whom the policy will give it', async () => {
    const grantd = scene();
    const entitled = async (...more: readonly string[]) => {
      const { stdout } = await grantd('who', 'project:Checkout', 'policy.yaml', '--format', 'json', ...more);
      const { resources } = JSON.parse(stdout);
      return resources[0].holders
        .filter((one: { entitled: { level: string } | null }) => one.entitled !== null && one.entitled.level !== null)
        .map((one: { principal: { email: string } }) => one.principal.email);
    };
    expect(await entitled()).toEqual(['ann@example.com', 'bob@example.com']);
    expect(await entitled('--at', day(12))).toEqual(['ann@example.com', 'erin@example.com']);
  });

  test('of review is the moment of the review, which says when the account was read', async () => {
    const grantd = scene();
    const json = JSON.parse((await grantd('review', '--format', 'json', '--at', day(12))).stdout);
    expect(json.asOf).toBe(`${day(12)}T00:00:00Z`);
    expect(json.source.readAt).toMatch(/^20\d\d-/);
    const { stdout } = await grantd('review', '--format', 'markdown', '--at', day(12));
    expect(stdout).toMatch(/API http:\/\/127\.0\.0\.1:\d+ read 20\d\d-/);
    expect((await grantd('snapshot', 'policy.yaml', '--out', 'account.json')).code).toBe(0);
    const ofSnapshot = JSON.parse(
      (await grantd('review', '--snapshot', 'account.json', '--format', 'json', '--at', day(12))).stdout,
    );
    expect([ofSnapshot.asOf, ofSnapshot.source.readAt]).toEqual([`${day(12)}T00:00:00Z`, expect.stringMatching(/^20/)]);
    const plain = JSON.parse((await grantd('review', '--snapshot', 'account.json', '--format', 'json')).stdout);
    expect(plain.source).not.toHaveProperty('readAt');
    expect(plain.endingBy).toBeNull();
  });

  test('refuses what is no date', async () => {
    for (const words of [['explain', 'ann@example.com'], ['who', 'account'], ['review']]) {
      const { code, stderr } = await scene()(...words, '--at', 'tomorrow');
      expect([code, stderr]).toEqual([4, expect.stringContaining('--at:')]);
    }
  });
});

describe('review --ending', () => {
  test('lists what ends within the time, the soonest first, and says that it is a part', async () => {
    const grantd = scene();
    const ending = async (days: string) => {
      const { stdout, stderr } = await grantd('review', '--format', 'csv', '--ending', days);
      const lines = stdout.trim().split(/\r?\n/).slice(1);
      return { who: [...new Set(lines.map((line) => line.split(',')[0]))], stderr };
    };
    expect((await ending('7d')).who).toEqual(['bob@example.com']);
    const all = await ending('6w');
    expect(all.who).toEqual(['bob@example.com', 'ann@example.com']);
    expect(all.stderr).toMatch(/Only access that ends up to .* is listed: 3 lines\./);
    const json = JSON.parse((await grantd('review', '--format', 'json', '--ending', '30d')).stdout);
    expect(json.endingBy).toMatch(/^20/);
    expect([json.absent, json.ahead, json.counts.entries]).toEqual([[], [], 3]);
    expect((await grantd('review', '--format', 'markdown', '--ending', '30d')).stdout).toMatch(
      /\| Only \| access that ends up to 20/,
    );
  });

  test('refuses what is no number of days', async () => {
    for (const days of ['30', '0d', '4000d', '600w', 'soon', '-1d']) {
      const { code, stderr } = await scene()('review', `--ending=${days}`);
      expect([code, stderr]).toEqual([4, expect.stringContaining('no number of days up to 3650')]);
    }
  });
});
