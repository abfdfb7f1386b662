import { describe, expect, it } from 'vitest';
import { decodeEvents } from '../../../src/adapters/mailtrap/wire/decode-events.ts';

const EVENT = {
  event: 'activity_log.user.updated',
  description: 'updated the user profile',
  actor: { id: 7, type: 'user', name: 'Eve' },
  resource: { id: '9', type: 'user', name: 'Ann' },
  timestamp: 1_764_590_000,
};

const READ = {
  at: 1_764_590_000_000,
  event: 'activity_log.user.updated',
  description: 'updated the user profile',
  actor: { id: '7', type: 'user', name: 'Eve' },
  resource: { id: '9', type: 'user', name: 'Ann' },
  about: { type: 'other/user', id: 9 },
};

/** The first event of a document that holds this one alone. */
function readOne(event: object) {
  return decodeEvents(JSON.stringify({ events: [event] })).events[0];
}

describe('decodeEvents', () => {
  it.each([
    ['a document', JSON.stringify({ events: [EVENT, EVENT] })],
    ['a bare list', JSON.stringify([EVENT, EVENT])],
    ['JSON Lines', `${JSON.stringify(EVENT)}\n${JSON.stringify(EVENT)}`],
    ['JSON Lines with an end and empty lines', `${JSON.stringify(EVENT)}\r\n\r\n${JSON.stringify(EVENT)}\r\n`],
  ])('reads %s', (_, body) => {
    const { events, unread } = decodeEvents(body);
    expect(events).toEqual([expect.objectContaining(READ), expect.objectContaining(READ)]);
    expect(events[0]?.key).toBe(events[1]?.key);
    expect(unread).toBe(0);
  });

  it('reads a single line, and knows two events apart that differ in anything', () => {
    const [first] = decodeEvents(JSON.stringify(EVENT)).events;
    const other = readOne({ ...EVENT, changes: { role: { from: 1, to: 2 } } });
    expect(first).toMatchObject(READ);
    expect(other).toMatchObject(READ);
    expect(other?.key).not.toBe(first?.key);
  });

  it('reads an event of a kind that nobody knows, with little in it', () => {
    expect(readOne({ event: 'new.kind', timestamp: 5, actor: { name: 'Mailtrap' } })).toMatchObject({
      at: 5000,
      description: null,
      actor: { id: null, type: null, name: 'Mailtrap' },
      resource: null,
      about: null,
    });
    expect(readOne({ event: 'x', timestamp: 5, actor: [], resource: 'no' })).toMatchObject({
      actor: { id: null, type: null, name: null },
      resource: null,
    });
  });

  it.each([
    ['sandbox', '12', { type: 'inbox', id: 12 }],
    ['project', 12, { type: 'project', id: 12 }],
    ['sso_config', '1', { type: 'other/sso_config', id: 1 }],
    ['project', 'twelve', null],
    ['project', '1e3', null],
    ['project', null, null],
    [null, '12', null],
  ])('takes the resource %s %s', (type, id, about) => {
    expect(readOne({ ...EVENT, resource: { type, id } })?.about).toEqual(about);
  });

  it.each([
    ['nothing', '', 0],
    ['no events', '{"events":[]}', 0],
    ['no JSON', 'hello\n{', 2],
    ['no object', '5', 1],
    ['no name', JSON.stringify({ ...EVENT, event: ' ' }), 1],
    ['no time', JSON.stringify({ ...EVENT, timestamp: '2026-12-01' }), 1],
    ['a time that is none', JSON.stringify({ ...EVENT, timestamp: 1e300 }), 1],
    ['lists in lists', `{"event":"x","timestamp":1,"changes":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 1],
  ])('counts %s as no event', (_, body, unread) => {
    expect(decodeEvents(body)).toEqual({ events: [], unread });
  });

  it('reads an entry with 64 lists and objects in each other, and none with more', () => {
    const nested = (lists: number) => `{"event":"x","timestamp":1,"changes":${'['.repeat(lists)}${']'.repeat(lists)}}`;
    expect(decodeEvents(nested(63))).toMatchObject({ unread: 0 });
    expect(decodeEvents(nested(64))).toEqual({ events: [], unread: 1 });
  });

  it('makes hostile names visible and short', () => {
    const hostile = readOne({
      event: '\u001b[2Jx',
      description: 'a\nb',
      actor: { id: '\u202e', name: `${'\u200b'.repeat(5_000)}` },
      timestamp: 1,
    });
    expect(hostile).toMatchObject({ event: '\\u{1b}[2Jx', description: 'a\\u{a}b' });
    expect(hostile?.actor.id).toBe('\\u{202e}');
    expect(hostile?.actor.name?.length).toBeLessThan(210);
    expect(readOne({ ...EVENT, description: 'é'.repeat(100_000) })?.description?.length).toBeLessThan(210);
  });
});
