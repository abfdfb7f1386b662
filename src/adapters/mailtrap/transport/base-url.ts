export const DEFAULT_API_URL = 'https://mailtrap.io';

/**
 * Reads the address of the API. Throws `TypeError` unless it is https (http only on loopback) without credentials, query
 * or fragment: a token must never travel in the clear, and must not go where a typing mistake sends it.
 */
export function toBaseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new TypeError('the API address is not a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new TypeError('the API address must hold no credentials');
  if (url.search !== '' || url.hash !== '') throw new TypeError('the API address must hold no query and no fragment');
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  if (!isSafe) throw new TypeError('the API address must be https, or http on loopback');
  return url;
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
}
