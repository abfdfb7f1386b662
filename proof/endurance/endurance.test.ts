import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { brokenOf } from './figures.mjs';
import { lineCharts } from './line-chart.mjs';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const SAMPLE = { residentMb: 100, descriptors: 20, processorMs: 1, atMs: 1 };
const HELD = {
  day: {
    samples: Array.from({ length: 9 }, () => SAMPLE),
    answers: [{ path: '/metrics', status: 200, tookMs: 1, atMs: 1 }],
    editMs: [1, 2],
    edits: 2,
    counted: 5,
    asked: 5,
  },
  audit: { ok: true, text: '' },
  many: [{ wrong: 0 }],
  isQuick: false,
};

describe('the endurance run', () => {
  it('refuses what it does not know', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [here('./endurance.mjs'), '--fast'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toContain("Unknown option '--fast'");
  });

  it('every clock and every timer of a hurried process agree', () => {
    const script = `
      import { setTimeout as sleep } from 'node:timers/promises';
      const alive = setInterval(() => {}, 100_000);
      const began = [Date.now(), performance.now()];
      await sleep(3_000);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await new Promise((resolve) => AbortSignal.timeout(3_000).addEventListener('abort', resolve));
      clearInterval(alive);
      const apart = Array.from({ length: 50 }, () => Math.abs(new Date().getTime() - Date.now()));
      process.stdout.write(JSON.stringify([Date.now() - began[0], performance.now() - began[1], Math.min(...apart)]));`;
    const originMs = Date.now();
    const args = ['--import', here('./scaled-clock.mjs'), '--input-type=module', '--eval', script];
    const env = { CLOCK_FACTOR: '60', CLOCK_ORIGIN: String(originMs) };
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect(stderr).toBe('');
    const [wall, monotonic, apart] = JSON.parse(stdout);
    // A timer may be due a machine's millisecond early, which is 60 of the process.
    expect(wall).toBeGreaterThan(9_000 - 200);
    expect(monotonic).toBeGreaterThan(9_000 - 200);
    // Of many pairs of readings, the one in between which the machine did nothing else.
    expect(apart).toBeLessThanOrEqual(60);
  });

  it('finds nothing where all holds, and each thing that does not', () => {
    const { day } = HELD;
    const late = day.samples.map((sample, index) => (index < 6 ? sample : { ...sample, residentMb: 130 }));
    const open = day.samples.map((sample, index) => (index < 6 ? sample : { ...sample, descriptors: 23 }));
    const refused = [{ path: '/metrics', status: 503, tookMs: 1, atMs: 1 }];
    expect(brokenOf(HELD)).toEqual([]);
    for (const [change, words] of [
      [{ day: { ...day, samples: late } }, 'resident memory grew by a factor of 1.30'],
      [{ day: { ...day, samples: open } }, '3 more descriptors'],
      [{ day: { ...day, answers: refused } }, '/metrics with 503'],
      [{ day: { ...day, editMs: [1] } }, 'only 1 of 2 edits'],
      [{ day: { ...day, asked: 6 } }, 'count 5 requests to the API, and it had 6'],
      [{ audit: { ok: false, text: 'line 3' } }, 'line 3'],
      [{ many: [{ wrong: 1 }] }, '1 accounts were written'],
    ] as const) {
      const broken = brokenOf({ ...HELD, ...change });
      expect(broken, words).toHaveLength(1);
      expect(broken[0]).toContain(words);
    }
  });

  it('draws one line for each series, within its panel', () => {
    const points = [
      [0, 5],
      [12, 50],
      [24, 7],
    ];
    const svg: string = lineCharts({
      title: 'a < b',
      xUnit: 'h',
      panels: [{ title: 'Memory', unit: 'MB', lines: [{ name: 'p50', points }] }],
    });
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(svg.match(/<polyline points="70\.0,[\d.]+ 455\.0,74\.0 840\.0,[\d.]+"/g)).toHaveLength(1);
    expect(svg).toContain('50 MB');
  });
});
