import { describe, expect, it } from 'vitest';
import { createJsonLines } from '../../../src/adapters/log/json-lines.ts';
import { fedLog, fedMetrics } from '../../support/observed.ts';
import { everyEvent, NOW } from './support/events.ts';

/** With characters that JSON escapes, and one without. */
const SECRETS = ['tok-7f3a9c21d8e64b5f', 'pa"ss\\wörd\n4711'];

const scrub = (text: string) => SECRETS.reduce((clean, secret) => clean.replaceAll(secret, '(secret)'), text);

function isIn(text: string, secret: string): boolean {
  const halves = [secret.slice(0, 8), secret.slice(-8)];
  return [...halves, ...halves.map((half) => JSON.stringify(half).slice(1, -1))].some((part) => text.includes(part));
}

describe.each(SECRETS)('no output holds the secret %j', (secret) => {
  it.each(['json', 'gcp', 'ecs', 'text'] as const)('whatever is told of it, in %s', (format) => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const log = fedLog({ level: 'trace', format, secrets: { scrub }, destination, now: () => NOW });
    for (const event of everyEvent(` ${secret} `)) log.observe(event);
    expect(lines.length).toBe(everyEvent().length);
    expect(lines.filter((line) => isIn(line, secret))).toEqual([]);
    expect(lines.join('')).toContain('(secret)');
  });

  it('where the text is cut in the middle of it', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const log = fedLog({ level: 'trace', format: 'json', secrets: { scrub }, destination });
    for (const most of [1000, 300, 200, 100, 50]) {
      for (let before = most - secret.length - 2; before <= most; before += 1) {
        log.observe({ kind: 'daemon.stopping', reason: `${'x'.repeat(before)}${secret}` });
      }
    }
    expect(lines.filter((line) => isIn(line, secret))).toEqual([]);
  });

  it('in metrics, which hold no text of others at all', () => {
    const metrics = fedMetrics({ version: '1' });
    for (const event of everyEvent(secret)) metrics.observe(event);
    for (const event of everyEvent(secret)) {
      if (event.kind !== 'api.request') continue;
      metrics.observe({ ...event, route: `/api/${secret}`, method: secret, retry: secret });
    }
    expect(isIn(metrics.render(), secret)).toBe(false);
    expect(metrics.render()).not.toContain('@example.com');
  });
});

it('a value under a key that names a secret is left out, though nobody knows it', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const write = createJsonLines({ format: 'json', destination, scrub: (text) => text, now: () => NOW });
  write('info', 'daemon.stopped', 'x', {
    token: 'hidden',
    request: { authorization: 'hidden', headers: { any: 'hidden' }, inner: { apiToken: 'hidden' } },
    reason: 'shown',
  });
  expect(lines.join('')).toContain('shown');
  expect(lines.join('')).not.toContain('hidden');
});

it('the finished line is scrubbed, also of what no field was known to hold', () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const write = createJsonLines({ format: 'json', destination, scrub, now: () => NOW });
  write('info', 'daemon.stopped', `${SECRETS[0]}`, { [`key ${SECRETS[0]}`]: 1 });
  expect(lines.join('')).not.toContain(SECRETS[0]);
});
