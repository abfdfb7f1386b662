import { createHash } from 'node:crypto';
import type { DeliveredEvents, MailtrapEvent, NamedByMailtrap } from '../../../core/domain/run/mailtrap-event.ts';
import { boundedText, visibleText } from '../../../core/domain/text/text.ts';
import { decodeResourceType } from './resource-types.ts';

/** How much of each text of an event is kept. */
const TEXT_CHARACTERS_MOST = 200;

/** How many lists and objects of an entry may be in each other. Engines differ in how deep they can write what they have read. */
const DEPTH_MOST = 64;

/** The last moment that a date of JavaScript can be. */
const SECONDS_MOST = 8_640_000_000_000;

/**
 * Reads the body of a delivery, as one JSON document or as JSON Lines (documented). Its media type does not count: the text says
 * which one it is. An entry needs a name and a time; whatever else it has or lacks, it is an event (row 31).
 */
export function decodeEvents(body: string): DeliveredEvents {
  const entries = entriesOf(body);
  const events = entries.flatMap((entry) => decodeEvent(entry) ?? []);
  return { events, unread: entries.length - events.length };
}

function entriesOf(body: string): readonly unknown[] {
  const whole = parsed(body);
  if (whole === undefined) {
    return body
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parsed);
  }
  const { events } = fields(whole);
  if (Array.isArray(events)) return events;
  return Array.isArray(whole) ? whole : [whole];
}

/** Undefined if the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeEvent(entry: unknown): MailtrapEvent | null {
  const { event, description, actor, resource, timestamp } = fields(entry);
  const name = text(event);
  const key = keyOf(entry);
  if (name === null || key === null || typeof timestamp !== 'number' || Math.abs(timestamp) > SECONDS_MOST) return null;
  const { type, id } = fields(resource);
  return {
    key,
    at: Math.trunc(timestamp * 1000),
    event: name,
    description: text(description),
    actor: named(actor),
    resource: isObject(resource) ? named(resource) : null,
    about: aboutOf(text(type), text(id)),
  };
}

/** Null for what is nested too deep. */
function keyOf(entry: unknown): string | null {
  if (isDeeper(entry, DEPTH_MOST)) return null;
  return createHash('sha256')
    .update(String(JSON.stringify(entry)))
    .digest('hex');
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((one) => isDeeper(one, most - 1));
}

function aboutOf(type: string | null, id: string | null): MailtrapEvent['about'] {
  if (type === null || id === null || !/^[0-9]{1,15}$/.test(id)) return null;
  return { type: decodeResourceType(type, new Set()), id: Number(id) };
}

function named(value: unknown): NamedByMailtrap {
  const { type, id, name } = fields(value);
  return { type: text(type), id: text(id), name: text(name) };
}

/** A text or a number as a short visible text; null for anything else, and if it is empty. */
function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string' || value.trim() === '') return null;
  // An invisible character takes more room once it shows.
  return boundedText(visibleText(boundedText(value, TEXT_CHARACTERS_MOST)), TEXT_CHARACTERS_MOST);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
