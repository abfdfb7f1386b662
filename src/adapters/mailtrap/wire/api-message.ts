import { safeText } from './safe-text.ts';

/** Longer than every message that was recorded. */
const MESSAGE_MAX = 300;
const PIECES_MAX = 20;
const DEPTH_MAX = 4;

/**
 * The message of an error's body, on one line and without secrets; empty if it has none. Bodies have `error` or `errors`
 * with a text, a list or an object of texts (recorded). Some are HTML, and some are empty (recorded).
 */
export function apiMessage(body: string, secrets: readonly string[]): string {
  const pieces: string[] = [];
  collect(parsedOrText(body), '', pieces, 0);
  return safeText(pieces.join('; '), secrets, MESSAGE_MAX);
}

function parsedOrText(body: string): unknown {
  try {
    return said(JSON.parse(body));
  } catch {
    return /<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? body.replace(/<[^<>]*>/g, ' ');
  }
}

function said(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  return fields['errors'] ?? fields['error'] ?? fields['message'] ?? value;
}

function collect(value: unknown, key: string, pieces: string[], depth: number): void {
  if (pieces.length >= PIECES_MAX || depth > DEPTH_MAX || value === null) return;
  if (typeof value !== 'object') {
    pieces.push(key === '' ? String(value) : `${key}: ${String(value)}`);
    return;
  }
  for (const [name, item] of Object.entries(value)) collect(item, keyFor(key, name, value), pieces, depth + 1);
}

/** `base` is about the whole object, and an item of a list has the name of the list. */
function keyFor(key: string, name: string, parent: object): string {
  if (Array.isArray(parent) || name === 'base') return key;
  return key === '' ? name : `${key}.${name}`;
}
