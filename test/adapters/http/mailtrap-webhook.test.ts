import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DELIVERIES_MOST, DELIVERY_BYTES_MOST } from '../../../src/adapters/http/limits.ts';
import type { HttpOptions } from '../../../src/adapters/http/start-http.ts';
import { ask, connectRaw, started, TOKEN } from './support/ask.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const PATH = '/-/mailtrap/3229';
const BODY = '{"events":[]}';

function signed(body: string, secret = SECRET): Record<string, string> {
  return { 'Mailtrap-Signature': createHmac('sha256', secret).update(body).digest('hex') };
}

/** A port that takes deliveries for account 3229, and what it received. */
async function taking(options: Partial<HttpOptions> = {}) {
  const received: string[] = [];
  const mailtrap = {
    secretOf: (account: number) => (account === 3229 ? SECRET : null),
    receive: (account: number, body: string) => void received.push(`${account} ${body}`),
  };
  const { server } = await started({ mailtrap, ...options });
  const post = (path: string, body: string, headers: Record<string, string | readonly string[]>) =>
    ask(server.address, path, { method: 'POST', body, headers });
  return { server, received, post };
}

describe('a delivery', () => {
  it('with the right signature is taken, whatever its path says behind a question mark', async () => {
    const { received, post } = await taking();
    const reply = await post(`${PATH}?a=b`, BODY, signed(BODY));
    expect([reply.status, reply.text]).toEqual([200, '{"accepted":true}\n']);
    expect(received).toEqual([`3229 ${BODY}`]);
  });

  it.each<[string, string, Record<string, string | readonly string[]>]>([
    ['no signature', PATH, {}],
    ['the signature of another body', PATH, signed(`${BODY} `)],
    ['another secret', PATH, signed(BODY, 'f'.repeat(32))],
    ['a signature cut short', PATH, { 'Mailtrap-Signature': `${signed(BODY)['Mailtrap-Signature']}`.slice(0, 62) }],
    ['an empty signature', PATH, { 'Mailtrap-Signature': '' }],
    ['two signatures', PATH, { 'Mailtrap-Signature': [`${signed(BODY)['Mailtrap-Signature']}`, '0'] }],
    ['capital letters', PATH, { 'Mailtrap-Signature': `${signed(BODY)['Mailtrap-Signature']}`.toUpperCase() }],
    ['the token of the port', PATH, { Authorization: `Bearer ${TOKEN}` }],
    ['another account', '/-/mailtrap/3230', signed(BODY)],
  ])('with %s is refused', async (_, path, headers) => {
    const { received, post } = await taking({ httpToken: () => TOKEN });
    const reply = await post(path, BODY, headers);
    expect(reply.status).toBe(401);
    expect(reply.text).not.toContain(SECRET);
    expect(received).toEqual([]);
  });

  it('needs neither the token nor a known host, and a page cannot forge it', async () => {
    const { post } = await taking({ httpToken: () => TOKEN });
    const headers = { ...signed(BODY), Host: 'grantd.example.com', Origin: 'https://mailtrap.io', Via: '1.1 proxy' };
    expect((await post(PATH, BODY, headers)).status).toBe(200);
  });

  it('may have 1 MiB, and not one byte more', async () => {
    const { server, received, post } = await taking();
    const most = ' '.repeat(DELIVERY_BYTES_MOST);
    expect((await post(PATH, most, signed(most))).status).toBe(200);
    expect((await post(PATH, `${most} `, signed(`${most} `))).status).toBe(413);
    const chunked = { ...signed(`${most} `), 'Transfer-Encoding': 'chunked' };
    expect((await post(PATH, `${most} `, chunked)).status).toBe(413);
    expect(received).toHaveLength(1);
    expect((await ask(server.address, '/healthz')).status).toBe(200);
  });

  it('is signed as bytes', async () => {
    const { received, post } = await taking();
    const body = '{"events":[{"event":"é\u2028"}]}\r\n';
    expect((await post(PATH, body, signed(body))).status).toBe(200);
    expect(received).toEqual([`3229 ${body}`]);
  });

  it('by a secret that is gone when the body has come is refused', async () => {
    let left = 1;
    const secretOf = () => (left-- > 0 ? SECRET : null);
    const { post } = await taking({ mailtrap: { secretOf, receive: () => {} } });
    expect((await post(PATH, BODY, signed(BODY))).status).toBe(401);
  });

  it('that fails inside is reported, and was answered', async () => {
    const errors: unknown[] = [];
    const receive = () => {
      throw new Error('inside');
    };
    const { post } = await taking({
      mailtrap: { secretOf: () => SECRET, receive },
      onError: (error) => void errors.push(error),
    });
    expect((await post(PATH, BODY, signed(BODY))).status).toBe(200);
    expect(errors).toHaveLength(1);
  });
});

describe('the route', () => {
  it('is not there without a secret', async () => {
    const { post } = await taking({ mailtrap: null });
    expect((await post(PATH, BODY, signed(BODY))).status).toBe(404);
  });

  it.each([
    '/-/mailtrap/ID',
    '/-/mailtrap/',
    '/-/mailtrap/0',
    '/-/mailtrap/03229',
    '/-/mailtrap/3229/',
    '/-/mailtrap/x',
  ])('is not %s', async (path) => {
    const { post } = await taking();
    expect((await post(path, BODY, signed(BODY))).status).toBe(404);
  });

  it('takes POST only', async () => {
    const { server } = await taking();
    const reply = await ask(server.address, PATH);
    expect([reply.status, reply.headers['allow']]).toEqual([405, 'POST']);
  });
});

it('of many that send half a body, the oldest are cut off, and a whole one is taken', async () => {
  const { server, received, post } = await taking();
  const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nMailtrap-Signature: ${'0'.repeat(64)}\r\nContent-Length: 9\r\n\r\nhalf`;
  const first = await connectRaw(server.address, head);
  const others = await Promise.all(Array.from({ length: DELIVERIES_MOST }, () => connectRaw(server.address, head)));
  expect((await post(PATH, BODY, signed(BODY))).status).toBe(200);
  expect(received).toHaveLength(1);
  expect([first, ...others].filter((one) => one.isClosed()).length).toBeGreaterThan(0);
  for (const { socket } of [first, ...others]) socket.destroy();
});
