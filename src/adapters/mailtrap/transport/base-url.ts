import { isLoopback } from '../../../platform/http/is-loopback.ts';

export const DEFAULT_API_URL = 'https://mailtrap.io';

/**
 * Reads the address of the API. Throws `TypeError` unless it is https (http only on loopback) without credentials, query
 * or fragment. A token must never travel in the clear, and a typing mistake must not send it elsewhere.
 */
export function toBaseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new TypeError('the API address is not a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new TypeError('the API address must have no credentials');
  if (url.search !== '' || url.hash !== '') throw new TypeError('the API address must have no query and no fragment');
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  if (!isSafe) throw new TypeError('the API address must be https, or http on loopback');
  return url;
}
