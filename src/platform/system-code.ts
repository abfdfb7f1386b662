/**
 * The code of an error of the system or of the TLS library, such as `ENOSPC` or `CERT_HAS_EXPIRED`; `unknown` for anything
 * else. It is one word in capitals, so it cannot contain a path, an address or a secret.
 */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{0,59}$/.test(code) ? code : 'unknown';
}
