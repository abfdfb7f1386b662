/** What fails before a connection stands: nothing of the request can have left. */
const NO_ADDRESS = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether a request that failed in the network may have reached the other side. False only where it is sure that it did
 * not: no address, no connection, or a certificate that was not accepted. Anything unknown counts as sent.
 */
export function wasSent(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.some(wasSent);
  if (isBeforeConnection(error)) return false;
  return error.cause === undefined ? true : wasSent(error.cause);
}

function isBeforeConnection(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NO_ADDRESS.has(code) || isCertificateFault(code)) return true;
  return 'syscall' in error && error.syscall === 'connect';
}

/** Only what this side found wrong: an alert from the other side comes after the request may have left. */
function isCertificateFault(code: string): boolean {
  return /^(ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/.test(code);
}
