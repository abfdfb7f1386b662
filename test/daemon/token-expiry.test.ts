import { describe, expect, it } from 'vitest';
import { createMailtrapClient } from '../../src/adapters/mailtrap/client.ts';
import { createLimiter } from '../../src/adapters/mailtrap/transport/limiter.ts';
import type { AccountReader } from '../../src/core/domain/run/ports.ts';
import { TokenExpiry } from '../../src/daemon/token-expiry.ts';
import type { TokenSeed } from '../../src/simulator/seed.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { VirtualClock } from './support/virtual-clock.ts';

const HOUR_MS = 3_600_000;
const SECRET = 'simulator-admin-token';
const never = new AbortController().signal;

/** A simulated account with these tokens, the first of which is grantd's own. */
async function withTokens(
  tokens: readonly Partial<TokenSeed>[],
  check: (world: {
    clock: VirtualClock;
    reader: AccountReader;
    expiry: TokenExpiry;
    looks: () => number;
  }) => Promise<void>,
): Promise<void> {
  const clock = new VirtualClock();
  const rows = [{ type: 'account', id: 7, level: 100 }];
  const simulator = await startSimulator({
    seed: {
      account: { id: 7, name: 'Example' },
      tokens: tokens.map((token, index) => ({ name: `t${index}`, id: 10 + index, secret: SECRET, rows, ...token })),
    },
    now: () => clock.now(),
  });
  try {
    const reader = createMailtrapClient({
      account: 7,
      apiUrl: simulator.url,
      token: () => SECRET,
      limiter: createLimiter({ clock }),
      clock,
      random: () => 0,
      version: 'test',
      triesMax: 1,
    });
    const looks = () => simulator.requests().filter(({ path }) => path.endsWith('/api_tokens')).length;
    await check({ clock, reader, expiry: new TokenExpiry(clock), looks });
  } finally {
    await simulator.close();
  }
}

describe('the end of the own token', () => {
  it('is told, and looked up once a day', async () => {
    const expiresAt = '2027-01-01T00:00:00.000Z';
    await withTokens([{ expiresAt }], async ({ clock, reader, expiry, looks }) => {
      expect(await expiry.look(reader, never)).toEqual({ expiresAt: Date.parse(expiresAt) });
      await clock.advance(24 * HOUR_MS - 1);
      expect(await expiry.look(reader, never)).toBe(undefined);
      expect(looks()).toBe(1);
      await clock.advance(1);
      expect(await expiry.look(reader, never)).toEqual({ expiresAt: Date.parse(expiresAt) });
      expect(looks()).toBe(2);
    });
  });

  it('is none for a token that does not end', async () => {
    await withTokens([{ expiresAt: null }], async ({ reader, expiry }) => {
      expect(await expiry.look(reader, never)).toEqual({ expiresAt: null });
    });
  });

  it('is unknown where two tokens look alike', async () => {
    const other = { secret: 'another-admin-token', expiresAt: '2027-01-01T00:00:00.000Z' };
    await withTokens([{ expiresAt: '2027-02-01T00:00:00.000Z' }, other], async ({ reader, expiry }) => {
      expect(await expiry.look(reader, never)).toEqual({ expiresAt: null });
    });
  });

  it('is no failure where it cannot be read or is called off, and not asked again at once', async () => {
    await withTokens([{}], async ({ clock, reader, expiry, looks }) => {
      const stop = new AbortController();
      stop.abort();
      expect(await expiry.look(reader, stop.signal)).toBe(undefined);
      expect(await expiry.look(reader, never)).toBe(undefined);
      expect(looks()).toBe(0);
      await clock.advance(24 * HOUR_MS);
      expect(await expiry.look(reader, never)).toEqual({ expiresAt: null });
    });
  });

  it('lets a fault of grantd through', async () => {
    const fault = new TypeError('a bug');
    const reader = { readApiTokens: () => Promise.reject(fault) } as unknown as AccountReader;
    await expect(new TokenExpiry(new VirtualClock()).look(reader, never)).rejects.toBe(fault);
  });
});
