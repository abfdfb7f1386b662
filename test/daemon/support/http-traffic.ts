import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Every request of this process to one server that is under way, from before it is sent until its body has come or broken off. */
export class HttpTraffic {
  readonly #origin: string;
  readonly #onChange: () => void;
  readonly #inFlight = new Set<ClientRequest>();

  constructor(origin: string, onChange: () => void) {
    this.#origin = origin;
    this.#onChange = onChange;
    subscribe('http.client.request.start', this.#begin);
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  close(): void {
    unsubscribe('http.client.request.start', this.#begin);
  }

  readonly #begin = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    if (`${request.protocol}//${request.getHeader('host')}` !== this.#origin) return;
    this.#inFlight.add(request);
    request.once('close', () => {
      if (this.#inFlight.delete(request)) this.#onChange();
    });
    this.#onChange();
  };
}
