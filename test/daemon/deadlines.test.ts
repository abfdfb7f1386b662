import { describe, expect, it } from 'vitest';
import { Deadlines, nextBoundary } from '../../src/daemon/deadlines.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { resolved } from './support/readings.ts';
import { STARTS_AT, VirtualClock } from './support/virtual-clock.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ANN = 'ann@example.com';
const BOB = 'bob@example.com';

function at(ms: number): string {
  return new Date(STARTS_AT + ms).toISOString();
}

/** How far the next boundary is ahead. */
function ahead(spec: PolicySpec, atMs = 0): number | null {
  const next = nextBoundary(resolved(spec), STARTS_AT + atMs);
  return next === null ? null : next - STARTS_AT;
}

describe('next boundary', () => {
  const grant = { to: ANN, resource: 'project:Web' };

  it('is none where nothing begins or ends', () => {
    expect(ahead({})).toBe(null);
    expect(ahead({ grants: [grant] })).toBe(null);
  });

  it('is a from, an until or an end, the first of them', () => {
    expect(ahead({ grants: [{ ...grant, from: at(5) }] })).toBe(5);
    expect(ahead({ grants: [{ ...grant, until: at(7) }] })).toBe(7);
    expect(ahead({ grants: [grant], ends: { [ANN]: at(9) } })).toBe(9);
    expect(ahead({ grants: [{ ...grant, from: at(5), until: at(7) }], ends: { [BOB]: at(3) } })).toBe(3);
  });

  it('is strictly ahead: what came is over', () => {
    const spec = { grants: [{ ...grant, from: at(5), until: at(7) }] };
    expect(ahead(spec, 4)).toBe(5);
    expect(ahead(spec, 5)).toBe(7);
    expect(ahead(spec, 7)).toBe(null);
  });

  it('counts an end of somebody whom no grant names', () => {
    expect(ahead({ ends: { [BOB]: at(3) } })).toBe(3);
  });
});

describe('deadlines', () => {
  function agendaOf(spec: PolicySpec) {
    const clock = new VirtualClock();
    const deadlines = new Deadlines(clock);
    deadlines.setPolicy(resolved(spec));
    return { clock, deadlines };
  }
  const spec: PolicySpec = {
    grants: [{ to: ANN, resource: 'project:Web', from: at(10 * MINUTE_MS), until: at(20 * MINUTE_MS) }],
  };

  it('is due at each boundary once, and not a moment before', async () => {
    const { clock, deadlines } = agendaOf(spec);
    await clock.advance(10 * MINUTE_MS - 1);
    expect(deadlines.take()).toEqual([]);
    await clock.advance(1);
    expect(deadlines.take()).toEqual(['boundary']);
    expect(deadlines.take()).toEqual([]);
    expect(deadlines.boundaryAt).toBe(STARTS_AT + 20 * MINUTE_MS);
    await clock.advance(10 * MINUTE_MS);
    expect(deadlines.take()).toEqual(['boundary']);
    expect(deadlines.boundaryAt).toBe(null);
  });

  it('two boundaries that passed together are one run', async () => {
    const { clock, deadlines } = agendaOf(spec);
    await clock.advance(30 * MINUTE_MS);
    expect(deadlines.take()).toEqual(['boundary']);
    expect(deadlines.take()).toEqual([]);
  });

  it('a boundary far ahead is waited for in pieces that a timer can hold', async () => {
    const { clock, deadlines } = agendaOf({ grants: [{ to: ANN, resource: 'project:Web', until: at(60 * DAY_MS) }] });
    let waits = 0;
    while (deadlines.take().length === 0) {
      waits += 1;
      await clock.advance(deadlines.waitMs(20 * DAY_MS));
    }
    expect(waits).toBe(3);
    expect(clock.now()).toBe(STARTS_AT + 60 * DAY_MS);
  });

  it('a retry is due once, and can be called off', async () => {
    const { clock, deadlines } = agendaOf({});
    deadlines.setRetry(clock.now() + 5_000);
    expect(deadlines.waitMs(60_000)).toBe(5_000);
    await clock.advance(5_000);
    expect(deadlines.take()).toEqual(['retry']);
    expect(deadlines.take()).toEqual([]);
    deadlines.setRetry(clock.now() + 5_000);
    deadlines.setRetry(null);
    expect(deadlines.waitMs(60_000)).toBe(60_000);
  });

  it('waits no longer than it may, and not at all for what is due', async () => {
    const { clock, deadlines } = agendaOf(spec);
    expect(deadlines.waitMs(MINUTE_MS)).toBe(MINUTE_MS);
    expect(deadlines.waitMs(60 * MINUTE_MS)).toBe(10 * MINUTE_MS);
    await clock.advance(11 * MINUTE_MS);
    expect(deadlines.waitMs(60 * MINUTE_MS)).toBe(0);
  });

  it('looks anew where the clock was set back, or the policy is another', async () => {
    const { clock, deadlines } = agendaOf(spec);
    await clock.advance(15 * MINUTE_MS);
    deadlines.take();
    clock.jump(-15 * MINUTE_MS);
    deadlines.setPolicy(resolved(spec));
    expect(deadlines.boundaryAt).toBe(STARTS_AT + 10 * MINUTE_MS);
    deadlines.setPolicy(null);
    expect(deadlines.boundaryAt).toBe(null);
  });
});
