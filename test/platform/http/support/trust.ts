import { onTestFinished, vi } from 'vitest';

/**
 * For one test. The certificates are our own, and Node 20 takes further ones only when it starts. What Node warns of then
 * is meant here, and a suite that is quiet otherwise shows every warning that is not.
 */
export function trustAnyCertificate(): void {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes('NODE_TLS_REJECT_UNAUTHORIZED')) warn(warning, ...rest);
  }) as typeof process.emitWarning;
  onTestFinished(() => {
    process.emitWarning = warn;
    vi.unstubAllEnvs();
  });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
}
