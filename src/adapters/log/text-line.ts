import type { LogFields, LogValue } from './fields.ts';
import type { LogLevel } from './level.ts';

const MESSAGE_WIDTH = 25;

/** Fields for machines that join lines; a person skips them. */
const HIDDEN: ReadonlySet<string> = new Set([
  'policy',
  'runId',
  'sha256',
  'commit',
  'digest',
  'auditHash',
  'resourceId',
  'access',
  'whyCount',
]);

/** One line for a person at a terminal, and below it a line for each item of a list. */
export function toTextLine(time: string, level: LogLevel, message: string, fields: LogFields): string {
  const shown = Object.entries(fields).filter(([key]) => !HIDDEN.has(key) || (key === 'policy' && !fields['account']));
  const pairs = shown.flatMap(([key, value]) => pairText(key, value));
  const below = shown.flatMap(([, value]) => belowLines(value)).map((text) => `    ${text}\n`);
  const head = `${time} ${level.toUpperCase().padEnd(5)} ${message.padEnd(MESSAGE_WIDTH)} ${pairs.join(' ')}`;
  return `${head.trimEnd()}\n${below.join('')}`;
}

/** Leaves out what has no value: a person wants to see what there is. */
function pairText(key: string, value: LogValue): readonly string[] {
  if (isWords(value)) return value.length === 0 ? [] : [`${key}=${value.join(',')}`];
  if (isCounts(value)) return countsText(key, value);
  if (value === null || value === 0 || value === false || value === '' || typeof value === 'object') return [];
  return [`${key}=${scalarText(value)}`];
}

/** Whether a value is numbers with names, as the counts of causes are. */
function isCounts(value: LogValue): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => typeof one === 'number');
}

function countsText(key: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  return found.length === 0 ? [] : [`${key}=${found.map(([name, count]) => `${name}:${count}`).join(',')}`];
}

/** Whether a list has only codes and paths, which fit on the line; sentences do not. */
function isWords(value: LogValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && !/\s/.test(item));
}

function belowLines(value: LogValue): readonly string[] {
  if (isWords(value) || isCounts(value) || typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? value.map(itemText) : [itemText(value)];
}

function itemText(value: LogValue): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = Object.entries(value).filter(([, part]) => part !== null && part !== '');
  return inner.map(([key, part]) => (typeof part === 'number' ? `${key}=${part}` : itemText(part))).join('  ');
}

function scalarText(value: string | number | boolean): string {
  const text = String(value);
  return /[\s"=]/.test(text) ? JSON.stringify(text) : text;
}
