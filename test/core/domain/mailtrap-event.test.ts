import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { changeKey } from '../../../src/core/domain/plan/change-key.ts';
import type { Change } from '../../../src/core/domain/plan/plan.ts';
import {
  hintsFor,
  hintTexts,
  keepEvents,
  MAILTRAP_EVENT_AGE_MOST_MS,
  MAILTRAP_EVENTS_MOST,
  type MailtrapEvent,
  mailtrapEventText,
} from '../../../src/core/domain/run/mailtrap-event.ts';

const NOW = 1_764_590_000_000;
const EVE = { type: 'user', id: '7', name: 'Eve' };

function event(key: string, at = NOW, more: Partial<MailtrapEvent> = {}): MailtrapEvent {
  return { key, at, event: 'x.updated', description: null, actor: EVE, resource: null, about: null, ...more };
}

const onUser = (id: string) => ({ resource: { type: 'user', id, name: 'Ann' } });
const onProject = { about: { type: 'project', id: 5 } } as const;
const ABOUT_TOKEN = { resource: { type: 'api_token', id: '3', name: null } };

function change(more: Partial<Change> = {}): Change {
  return {
    kind: 'remove',
    principal: { kind: 'user', email: 'ann@x.test' },
    access: 101,
    resource: { type: 'project', id: 5, label: 'project:Web' },
    before: 10,
    after: 0,
    why: [],
    cause: 'drift',
    ...more,
  } as Change;
}

describe('keepEvents', () => {
  test('the same events in any order and any number of deliveries are kept alike', () => {
    const ages = fc.array(fc.integer({ min: -2, max: 30 }), { maxLength: 30 });
    fc.assert(
      fc.property(ages, fc.integer({ min: 0, max: 30 }), (hours, cut) => {
        const all = hours.map((hour, index) => event(`k${index}`, NOW - hour * 3_600_000));
        const once = keepEvents([], all, NOW);
        const inParts = keepEvents(keepEvents([], all.slice(cut).reverse(), NOW), all, NOW);
        expect(inParts).toEqual(once);
        expect(keepEvents(once, all, NOW)).toEqual(once);
      }),
    );
  });

  it('keeps the newest 500', () => {
    const all = Array.from({ length: MAILTRAP_EVENTS_MOST + 1 }, (_, index) => event(`k${index}`, NOW - index));
    const kept = keepEvents([], [...all].reverse(), NOW);
    expect(kept).toEqual(all.slice(0, MAILTRAP_EVENTS_MOST));
  });

  it('keeps those of 24 hours, by this clock', () => {
    const at = (ms: number) => keepEvents([], [event('k', NOW + ms)], NOW).length;
    expect(at(-MAILTRAP_EVENT_AGE_MOST_MS)).toBe(1);
    expect(at(-MAILTRAP_EVENT_AGE_MOST_MS - 1)).toBe(0);
    expect(at(MAILTRAP_EVENT_AGE_MOST_MS + 1)).toBe(0);
    expect(keepEvents([event('old', NOW - MAILTRAP_EVENT_AGE_MOST_MS)], [], NOW + 1)).toEqual([]);
  });
});

describe('hintsFor', () => {
  const userIdOf = (access: number) => (access === 101 ? 9 : null);
  const hinted = (one: Change, events: readonly MailtrapEvent[], since: number | null = null) =>
    (hintsFor([one], { events, since, userIdOf }).get(changeKey(one)) ?? []).map(({ key }) => key);

  it('says what was found, and nothing where nothing was', () => {
    const found = hintsFor([change()], { events: [event('on', NOW, onProject)], since: null, userIdOf });
    expect(hintTexts(found, change())).toEqual(['Eve (user 7): x.updated']);
    expect(hintTexts(found, change({ access: 5 }))).toEqual([]);
    expect(hintTexts(undefined, change())).toEqual([]);
  });

  it('finds who is named by id, and on what', () => {
    const events = [event('user', NOW, onUser('9')), event('other', NOW, onUser('8')), event('on', NOW, onProject)];
    expect(hinted(change(), events)).toEqual(['user', 'on']);
    expect(hinted(change({ access: 102 }), events)).toEqual(['on']);
    expect(
      hinted(change(), [event('none'), event('no id', NOW, { resource: { type: 'user', id: null, name: 'Ann' } })]),
    ).toEqual([]);
  });

  it('names one event once', () => {
    expect(hinted(change(), [event('both', NOW, { ...onUser('9'), ...onProject })])).toEqual(['both']);
  });

  it('finds a token by its own id, never by that of a user', () => {
    const token = change({ principal: { kind: 'token', name: 'ci', tokenId: 3 } });
    expect(hinted(token, [event('user', NOW, onUser('3')), event('token', NOW, ABOUT_TOKEN)])).toEqual(['token']);
  });

  it('looks back to the last complete run, by whole seconds', () => {
    const events = [event('since', NOW, onProject), event('before', NOW - 1000, onProject)];
    expect(hinted(change(), events, NOW + 999)).toEqual(['since']);
    expect(hinted(change(), events, NOW + 1000)).toEqual([]);
    expect(hinted(change(), events)).toEqual(['since', 'before']);
  });

  it('hints at drift alone', () => {
    const events = [event('on', NOW, onProject)];
    expect(hinted(change({ cause: 'policy' }), events)).toEqual([]);
  });

  it('gives the newest three', () => {
    const events = [1, 2, 3, 4].map((age) => event(`k${age}`, NOW - age, onProject));
    expect(hinted(change(), events)).toEqual(['k1', 'k2', 'k3']);
  });
});

test('mailtrapEventText', () => {
  const text = (more: Partial<MailtrapEvent>) => mailtrapEventText(event('k', NOW, more));
  expect(text({ description: 'updated Ann' })).toBe('Eve (user 7): updated Ann (x.updated)');
  expect(text({})).toBe('Eve (user 7): x.updated');
  expect(text({ actor: { type: null, id: null, name: 'Mailtrap' } })).toBe('Mailtrap: x.updated');
  expect(text({ actor: { type: 'api_token', id: '3', name: null } })).toBe('api_token 3: x.updated');
  expect(text({ actor: { type: null, id: null, name: null } })).toBe('nobody named: x.updated');
});
