import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createNotifier, type NotifyTarget } from '../../../src/adapters/notify/notifier.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { readProxies } from '../../../src/platform/http/proxies.ts';
import { startProxy } from '../../platform/http/support/proxy.ts';
import { endedRun, everyEvent, NOW } from '../log/support/events.ts';
import { fedTo, NO_PROXIES, notifying, ownClock, slack, until, webhook } from './support/notifying.ts';
import {
  endless,
  type Receiver,
  type Reply,
  reset,
  SECRET_PATH,
  silent,
  startReceiver,
  status,
} from './support/receiver.ts';
import { failed, STARTED, wrote } from './support/runs.ts';

const KEY = 'an-hmac-key-that-nobody-may-see';
const open: Receiver[] = [];

async function receiver(...replies: readonly Reply[]): Promise<Receiver> {
  const started = await startReceiver(...replies);
  open.push(started);
  return started;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const CHANGED = wrote('complete', ['applied']);
const FLUSH_MS = 30_000;

test('a webhook gets a CloudEvent that its signature proves', async () => {
  const { url, received } = await receiver();
  const { notifier, told } = notifying([webhook(url, KEY)], ownClock());
  notifier.observe(CHANGED);
  await notifier.flush(FLUSH_MS);
  const [request] = received;
  expect(request).toMatchObject({ method: 'POST', path: SECRET_PATH });
  expect(request?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
  const signature = createHmac('sha256', KEY)
    .update(request?.body ?? '')
    .digest('hex');
  expect(request?.headers['x-signature']).toBe(`sha256=${signature}`);
  expect(JSON.parse(`${request?.body}`)).toMatchObject({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    source: 'urn:grantd:test',
    type: 'dev.grantd.changes.applied',
    subject: '3229',
    time: '2026-11-24T04:00:00Z',
    datacontenttype: 'application/json',
    dataschema: 'https://grantd.dev/schemas/event.v1.schema.json',
    data: { version: 1, kind: 'changes.applied', count: 1 },
  });
  expect(told).toEqual([]);
});

test('without a secret nothing is signed, and without an account there is no subject', async () => {
  const { url, received } = await receiver();
  const { notifier } = notifying([webhook(url)], ownClock());
  notifier.observe({ ...failed(), account: null } as ReturnType<typeof failed>);
  await notifier.flush(FLUSH_MS);
  expect(received[0]?.headers).not.toHaveProperty('x-signature');
  expect(JSON.parse(`${received[0]?.body}`)).not.toHaveProperty('subject');
});

test('of 100 idle runs nothing is sent', async () => {
  const { url, received } = await receiver();
  const { notifier } = notifying([webhook(url), slack(url)], ownClock());
  for (let run = 0; run < 100; run += 1) {
    notifier.observe(STARTED);
    notifier.observe(endedRun('complete'));
  }
  await notifier.flush(FLUSH_MS);
  expect(received).toEqual([]);
  notifier.observe(CHANGED);
  await notifier.flush(FLUSH_MS);
  expect(received).toHaveLength(2);
});

describe('when the other side fails', () => {
  test.each<[fact: string, replies: readonly Reply[], requests: number, waits: readonly number[]]>([
    ['500 once', [status(500), status(200)], 2, [1000]],
    ['500 twice', [status(500), status(503), status(200)], 3, [1000, 2000]],
    ['a reset', [reset, status(200)], 2, [1000]],
    ['429 with seconds', [status(429, { 'retry-after': '7' }), status(200)], 2, [7000]],
    ['429 for far too long', [status(429, { 'retry-after': '86400' }), status(200)], 2, [60_000]],
    ['429 with a date', [status(429, { 'retry-after': new Date(NOW + 5000).toUTCString() }), status(200)], 2, [5000]],
    ['429 with a date gone by', [status(429, { 'retry-after': new Date(0).toUTCString() }), status(200)], 2, [0]],
    ['429 with nonsense', [status(429, { 'retry-after': 'soon' }), status(200)], 2, [1000]],
    ['429 without a word', [status(429), status(200)], 2, [1000]],
    ['204', [status(204)], 1, []],
    ['a body without an end', [endless], 1, []],
  ])('%s: it is delivered all the same', async (_, replies, requests, waits) => {
    const { url, received } = await receiver(...replies);
    const clock = ownClock(60_000);
    const { notifier, told } = notifying([webhook(url)], onlyWaits(clock));
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toHaveLength(requests);
    expect(clock.asked).toEqual(waits);
    expect(told).toEqual([]);
    const ids = received.map(({ body }) => JSON.parse(`${body}`).id);
    expect(new Set(ids).size).toBe(1);
  });

  test.each<[fact: string, reply: Reply, requests: number, reason: RegExp]>([
    ['500 three times', status(500), 3, /^HTTP 500$/],
    ['429 three times', status(429), 3, /^HTTP 429$/],
    ['404', status(404), 1, /^HTTP 404$/],
    ['410', status(410), 1, /^HTTP 410$/],
    [
      'a redirect',
      status(302, { location: 'http://127.0.0.1:1/' }),
      1,
      /^HTTP 302, a redirect, which is never followed$/,
    ],
    ['a 307', status(307, { location: '/elsewhere' }), 1, /^HTTP 307, a redirect, which is never followed$/],
    ['a 304', status(304), 1, /^HTTP 304, a redirect, which is never followed$/],
    ['a reset three times', reset, 3, /^no connection \([A-Z_]+\)$/],
  ])('%s: it is told, and the next letter is sent', async (_, reply, requests, reason) => {
    const { url, received } = await receiver(...Array.from({ length: requests }, () => reply), status(200));
    const { notifier, told } = notifying([webhook(url)], onlyWaits(ownClock(60_000)));
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toHaveLength(requests);
    expect(told).toEqual([{ kind: 'notify.failed', target: 'webhook', reason: expect.stringMatching(reason) }]);
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toHaveLength(requests + 1);
    expect(told).toHaveLength(1);
  });

  test('nobody listens: it is told without the address', async () => {
    const { url, close } = await startReceiver();
    await close();
    const { notifier, told } = notifying([slack(url)], onlyWaits(ownClock(60_000)));
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(told).toEqual([{ kind: 'notify.failed', target: 'slack', reason: 'no connection (ECONNREFUSED)' }]);
  });

  test('silence ends after 10 seconds, three times', async () => {
    const { url, received } = await receiver(silent);
    const clock = ownClock(3000);
    const { notifier, told } = notifying([webhook(url)], clock);
    notifier.observe(CHANGED);
    for (let tries = 1; tries <= 3; tries += 1) {
      await until(() => received.length === tries, `try ${tries}`);
      clock.wake(10_000);
    }
    await until(() => told.length > 0, 'the failure');
    expect(told).toEqual([{ kind: 'notify.failed', target: 'webhook', reason: 'no answer within 10 s' }]);
    expect(clock.asked).toEqual([10_000, 1000, 10_000, 2000, 10_000]);
  });

  test('waits are spread by chance, up to half as long again', async () => {
    const { url } = await receiver(status(500), status(200));
    const clock = ownClock(60_000);
    const notifier = createNotifier({
      targets: [webhook(url)],
      rules: { endsSoonDays: 14 },
      clock: onlyWaits(clock),
      proxies: NO_PROXIES,
      random: () => 0.999,
      source: 'urn:grantd:test',
      onEvent: () => {},
    });
    fedTo(notifier.observe, clock)(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(clock.asked).toEqual([1500]);
  });
});

describe('the queue', () => {
  test('has one letter under way, keeps their order, and drops the oldest of more than 100', async () => {
    const gate: { open: (() => void) | null } = { open: null };
    const { url, received, atOnce } = await receiver((response) => {
      gate.open = () => response.end();
    }, status(200));
    const { notifier, told } = notifying([webhook(url)], ownClock());
    notifier.observe(wrote('complete', ['applied']));
    await until(() => gate.open !== null, 'the first letter');
    for (let count = 2; count <= 131; count += 1) {
      notifier.observe(
        wrote(
          'complete',
          Array.from({ length: count }, () => 'applied'),
        ),
      );
    }
    gate.open?.();
    await notifier.flush(FLUSH_MS);
    const counts = received.map(({ body }) => JSON.parse(`${body}`).data.count);
    expect(counts).toEqual([1, ...Array.from({ length: 100 }, (_, index) => index + 32)]);
    expect(told).toEqual([{ kind: 'notify.dropped', target: 'webhook', count: 30 }]);
    expect(atOnce()).toBe(1);
  });

  test('of one target does not wait for another', async () => {
    const stuck = await receiver(silent);
    const well = await receiver();
    const { notifier } = notifying([webhook(stuck.url), slack(well.url)], ownClock());
    notifier.observe(CHANGED);
    notifier.observe(CHANGED);
    await until(() => well.received.length === 2, 'both at the one that answers');
    notifier.close();
  });

  test('flush ends when its time is over, whatever is under way', async () => {
    const { url, received } = await receiver(silent);
    const clock = ownClock();
    const { notifier } = notifying([webhook(url)], clock);
    notifier.observe(CHANGED);
    await until(() => received.length === 1, 'the request');
    const flushed = notifier.flush(1234);
    await until(() => clock.isAsleep(1234), 'the wait');
    clock.wake(1234);
    await flushed;
    notifier.close();
  });

  test('closing gives up what waits and what is under way, and tells it; nothing is sent afterwards', async () => {
    const { url, received } = await receiver(silent);
    const clock = ownClock();
    const { notifier, told } = notifying([webhook(url)], clock);
    for (let count = 0; count < 4; count += 1) notifier.observe(CHANGED);
    await until(() => received.length === 1, 'the request');
    notifier.close();
    notifier.close();
    await until(() => told.length === 2, 'both events');
    expect(told).toEqual([
      { kind: 'notify.dropped', target: 'webhook', count: 3 },
      { kind: 'notify.failed', target: 'webhook', reason: 'grantd ended before it was delivered' },
    ]);
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toHaveLength(1);
    expect(clock.isAsleep(10_000)).toBe(false);
  });

  test('closing ends the wait for the next try', async () => {
    const { url } = await receiver(status(500));
    const clock = ownClock();
    const { notifier, told } = notifying([webhook(url)], clock);
    notifier.observe(CHANGED);
    await until(() => clock.isAsleep(1000), 'the wait');
    notifier.close();
    await until(() => told.length === 1, 'the failure');
    expect(told[0]).toMatchObject({ reason: 'grantd ended before it was delivered' });
  });

  test('an observer with a fault does not stop the letters behind', async () => {
    const { url, received } = await receiver(status(404), status(200));
    const notifier = createNotifier({
      targets: [webhook(url)],
      rules: { endsSoonDays: 14 },
      clock: ownClock(),
      proxies: NO_PROXIES,
      random: () => 0,
      source: 'urn:grantd:test',
      onEvent: () => {
        throw new Error('a fault');
      },
    });
    const emit = fedTo(notifier.observe, ownClock());
    emit(CHANGED);
    emit(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toHaveLength(2);
  });
});

test('a notification goes through the proxy of the environment, in a tunnel', async () => {
  const proxy = await startProxy(1);
  proxy.manner = { says: 'HTTP/1.1 403 Forbidden\r\n\r\n' };
  const proxies = readProxies({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
  try {
    const targets = [slack(`https://hooks.slack.com${SECRET_PATH}`)];
    const { notifier, told } = notifying(targets, onlyWaits(ownClock(60_000)), proxies);
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(proxy.asked).toEqual(Array.from({ length: 3 }, () => 'CONNECT hooks.slack.com:443'));
    expect(told).toEqual([
      { kind: 'notify.failed', target: 'slack', reason: 'no connection (the proxy answered 403)' },
    ]);
  } finally {
    proxy.close();
  }
});

describe('addresses and secrets', () => {
  function refused(target: NotifyTarget): GrantdError {
    try {
      notifying([target], ownClock());
    } catch (error) {
      if (error instanceof GrantdError) return error;
    }
    throw new Error('it was taken');
  }

  const thrower = () => {
    throw new Error(`cannot read ${KEY}`);
  };

  test.each<[fact: string, target: NotifyTarget, misfit: string]>([
    ['http', webhook(`http://example.com/${KEY}`), 'its address is not https, and http is for loopback only'],
    ['another scheme', webhook(`file:///${KEY}`), 'its address is not https, and http is for loopback only'],
    ['a name that looks like loopback', webhook(`http://127.0.0.1.example.com/${KEY}`), 'its address is not https'],
    ['no URL', slack(KEY), 'its address is no URL'],
    ['a password', webhook(`https://me:${KEY}@example.com/`), 'its address contains a user name or password'],
    ['an address that cannot be read', { kind: 'slack', url: thrower }, 'its address cannot be read'],
    ['nothing', slack(''), 'its address cannot be read'],
    [
      'a secret that cannot be read',
      { kind: 'webhook', url: () => 'https://example.com', secret: thrower },
      'its secret',
    ],
  ])('%s is refused at once, without showing it', (_, target, misfit) => {
    const error = refused(target);
    expect(error.code).toBe('notify-unusable');
    expect(error.message).toContain(`notifications cannot be sent to ${target.kind}: ${misfit}`);
    expect(`${error.message} ${error.remedy} ${error.cause}`).not.toContain(KEY);
  });

  test.each(['https://example.com/x', 'http://127.0.0.1:1/x', 'http://localhost:1/x', 'http://[::1]:1/x'])(
    '%s is taken',
    (url) => {
      expect(() => notifying([webhook(url)], ownClock())).not.toThrow();
    },
  );

  test('are read anew for each letter, and one that turns bad is told without showing it', async () => {
    const first = await receiver();
    const second = await receiver();
    let url = first.url;
    const { notifier, told } = notifying([{ kind: 'slack', url: () => url }], onlyWaits(ownClock(60_000)));
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    url = second.url;
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect([first.received.length, second.received.length]).toEqual([1, 1]);
    url = `http://example.com${SECRET_PATH}`;
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(told).toEqual([
      { kind: 'notify.failed', target: 'slack', reason: 'its address is not https, and http is for loopback only' },
    ]);
  });

  test('nothing is sent unsigned where the secret cannot be read any more', async () => {
    const { url, received } = await receiver();
    let key: string | null = KEY;
    const secret = () => key ?? thrower();
    const { notifier, told } = notifying([{ kind: 'webhook', url: () => url, secret }], onlyWaits(ownClock(60_000)));
    key = null;
    notifier.observe(CHANGED);
    await notifier.flush(FLUSH_MS);
    expect(received).toEqual([]);
    expect(told).toMatchObject([{ reason: 'its secret cannot be read' }]);
  });

  test('stand in no body, no event and no header but the path of the request', async () => {
    const { url, received } = await receiver(status(200), status(500), status(404), reset);
    const { notifier, told } = notifying([webhook(url, KEY), slack(url)], onlyWaits(ownClock(60_000)));
    for (const event of everyEvent()) notifier.observe(event);
    await notifier.flush(FLUSH_MS);
    expect(received.length).toBeGreaterThan(5);
    expect(told.length).toBeGreaterThan(2);
    const shown = JSON.stringify([told, received.map(({ headers, body }) => [headers, `${body}`])]);
    expect(shown).not.toContain(KEY);
    expect(shown).not.toContain(SECRET_PATH);
  });
});

/** A clock by which no try is ever late: only the waits between tries are kept track of. */
function onlyWaits(clock: ReturnType<typeof ownClock>) {
  const never = new Promise<void>(() => {});
  return {
    now: clock.now,
    sleep: (durationMs: number, signal: AbortSignal) =>
      durationMs === 10_000 || durationMs === FLUSH_MS ? never : clock.sleep(durationMs, signal),
  };
}
