import { isUtf8 } from 'node:buffer';
import { safeText } from './safe-text.ts';
import { Misfit } from './shape.ts';

const EXCERPT_MAX = 80;

/** Parses a body as JSON, or throws a `Misfit` that shows how it begins instead, without secrets. */
export function parseBody(body: Buffer, secrets: readonly string[]): unknown {
  if (!isUtf8(body)) throw new Misfit('', 'not UTF-8');
  const text = withoutMark(body.toString('utf8'));
  if (text.trim() === '') throw new Misfit('', 'empty, where JSON was expected');
  try {
    return JSON.parse(text);
  } catch {
    throw new Misfit('', notJson(text, secrets));
  }
}

function notJson(text: string, secrets: readonly string[]): string {
  const what = /^\s*[[{]/.test(text) ? 'JSON that is cut off or broken' : 'not JSON';
  return `${what}; it begins with: ${safeText(text, secrets, EXCERPT_MAX)}`;
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
