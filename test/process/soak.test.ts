import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/simulator/fault.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { type RunningGrantd, runGrantd, startGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

/** CI goes on for two minutes, the proof for an hour. */
const SECONDS = Number(process.env['GRANTD_SOAK_SECONDS'] ?? 8);
const SAMPLE_EVERY_MS = 250;

const ALWAYS = { times: 'always', probability: 0.01 } as const;
const FAULTS: readonly Fault[] = [
  { kind: 'latency', ms: 300, ...ALWAYS },
  { kind: 'status', status: 429, retryAfter: 1, ...ALWAYS },
  { kind: 'status', status: 500, ...ALWAYS },
  { kind: 'status', status: 503, strike: 'after', ...ALWAYS },
  { kind: 'status', status: 422, ...ALWAYS },
  { kind: 'reset', ...ALWAYS },
  { kind: 'reset', strike: 'after', ...ALWAYS },
  { kind: 'reset', strike: 'midway', ...ALWAYS },
  { kind: 'truncated', ...ALWAYS },
  { kind: 'html', ...ALWAYS },
  { kind: 'shape', shape: 'object', ...ALWAYS },
  { kind: 'stall', part: 'body', ...ALWAYS },
  { kind: 'stale', reads: 1, ...ALWAYS },
  { kind: 'ignored', ...ALWAYS },
  { kind: 'partial', ...ALWAYS },
  { kind: 'emptied', ...ALWAYS },
  { kind: 'redirect', location: 'https://example.com/', ...ALWAYS },
];

interface Sample {
  readonly residentKb: number;
  readonly descriptors: number;
}

const running: RunningGrantd[] = [];
afterEach(async () => {
  for (const daemon of running.splice(0)) {
    daemon.kill('SIGKILL');
    await daemon.ended;
  }
});

describe('a daemon under faults of every kind, a second writer and a policy that changes all the time', () => {
  it('leaks nothing, tells the truth in its metrics, and makes the account equal once the faults are over', async () => {
    const simulator = await simulate({ rateLimit: 'off', requestsKept: 1_000_000 });
    const cwd = workplace({ 'policy.yaml': POLICY });
    const env = provenAt(simulator);
    const { GRANTD_STATE_DIR: state = '' } = env;
    const daemon = startGrantd(
      ['run', 'policy.yaml', '--http-address', '127.0.0.1:0', '--schedule', '* * * * * *'].concat([
        '--start-jitter-ms',
        '0',
        '--min-interval-ms',
        '100',
        '--settle-ms',
        '20',
        '--request-timeout-ms',
        '2000',
      ]),
      { cwd, env },
    );
    running.push(daemon);
    await daemon.printed('"event":"run.ended"');
    for (const fault of FAULTS) simulator.inject(fault);
    const samples = await disturb(simulator, daemon, join(cwd, 'policy.yaml'));
    simulator.clearFaults();
    writeFileSync(join(cwd, 'policy.yaml'), POLICY);
    await untilIdle(daemon);
    await expectTruth(simulator, daemon);
    daemon.kill('SIGTERM');
    const { code, stdout, stderr } = await daemon.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.includes('"code":"fault"'))).toEqual([]);
    expectNoLeak(samples);
    const verified = await runGrantd(['audit', 'verify', join(state, 'audit-3229.jsonl')], { cwd });
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  }, 7_200_000);
});

/** Edits, drift and requests until the time is over. */
async function disturb(simulator: Simulator, daemon: RunningGrantd, policy: string): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const until = Date.now() + SECONDS * 1000;
  for (let round = 0; Date.now() < until; round += 1) {
    if (round % 4 === 0) writeFileSync(policy, round % 8 === 0 ? POLICY : `${POLICY}# ${round}\n`);
    if (round % 3 === 0) {
      simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 100 });
    }
    if (round % 5 === 0) daemon.kill('SIGHUP');
    samples.push(sampleOf(daemon.pid));
    await pause(SAMPLE_EVERY_MS);
  }
  return samples;
}

/**
 * Two runs in a row that found nothing to do: whatever was in flight is over. What the second writer undid again and again is
 * contested, and grantd tries it tomorrow.
 */
async function untilIdle(daemon: RunningGrantd): Promise<void> {
  const before = endsOf(daemon).length;
  await vi.waitFor(() => expect(endsOf(daemon).slice(before).slice(-2)).toEqual(['idle', 'idle']), {
    timeout: 120_000,
    interval: 100,
  });
}

/** How each run ended: idle, if it wrote nothing and nothing waits but what is contested. */
function endsOf(daemon: RunningGrantd): readonly string[] {
  const lines = daemon.stdout.split('\n').filter((line) => line.includes('"event":"run.ended"'));
  return lines.map((line) => {
    const { end, applied, deferredChanges } = JSON.parse(line);
    const waits: readonly { readonly reason: string }[] = deferredChanges;
    const isIdle = end === 'complete' || (end === 'deferred' && waits.every(({ reason }) => reason === 'contested'));
    return isIdle && applied === 0 ? 'idle' : `${end} ${applied}`;
  });
}

/** What the metrics count is what the account was asked. */
async function expectTruth(simulator: Simulator, daemon: RunningGrantd): Promise<void> {
  const address = /"httpAddress":"([^"]+)"/.exec(daemon.stdout)?.[1];
  for (let tries = 0; ; tries += 1) {
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const counted = sumOf(text, 'grantd_api_requests_total');
    const asked = simulator.requests().length + simulator.droppedRequests();
    // A run may begin between the two looks.
    if (counted === asked) return;
    expect(tries, `${counted} counted, ${asked} asked`).toBeLessThan(1_000);
    await pause(50 + (tries % 7) * 20);
  }
}

function sumOf(metrics: string, name: string): number {
  const values = metrics.split('\n').filter((line) => line.startsWith(`${name}{`));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function sampleOf(pid: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    residentKb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** The last third against the second: by then everything is loaded, and what still grows is a leak. */
function expectNoLeak(samples: readonly Sample[]): void {
  const third = Math.floor(samples.length / 3);
  const [middle, last] = [samples.slice(third, 2 * third), samples.slice(2 * third)];
  const least = (part: readonly Sample[], key: keyof Sample) => Math.min(...part.map((sample) => sample[key]));
  expect(least(last, 'descriptors')).toBeLessThanOrEqual(least(middle, 'descriptors') + 2);
  expect(least(last, 'residentKb')).toBeLessThanOrEqual(1.3 * least(middle, 'residentKb'));
}
