import { isLoopback } from './base-url.ts';
import type { Proxies } from './proxies.ts';
import type { Send } from './send.ts';
import { sendDirectly } from './send-directly.ts';

/**
 * Straight to the API, or through a proxy where one is named. What a proxy takes is loaded only then: it costs some 30 MB,
 * and a proxy is rare. Loopback never goes through a proxy.
 */
export async function pickSend(baseUrl: URL, proxies: Proxies): Promise<Send> {
  if ((proxies.https === '' && proxies.http === '') || isLoopback(baseUrl)) return sendDirectly;
  const { sendThroughProxy } = await import('./send-through-proxy.ts');
  return sendThroughProxy(proxies);
}
