import { expect, test } from 'vitest';
import { judgeCaller } from '../../../src/adapters/http/caller.ts';

const DOOR = { httpToken: null, host: '127.0.0.1', isLoopback: true };

/** As the bytes of an emoji arrive in a header. Node 20 takes it for a URL once its caller is optimised. */
const NO_URL = 'http:\u00f0\u009f\u0098\u0080';

test('an origin that is no URL is another site, however often it comes', () => {
  const judged = new Set<boolean>();
  for (let n = 0; n < 20_000; n += 1) {
    const headers = { host: 'localhost', origin: NO_URL };
    judged.add(judgeCaller({ headers, peer: '127.0.0.1' }, DOOR).isSameSite);
  }
  expect([...judged]).toEqual([false]);
});
