import { subscribe, unsubscribe } from 'node:diagnostics_channel';

interface Request {
  readonly origin: string;
}

/** Every request of this process to one server that is under way, from before it is sent until its body has come or broken off. */
export class HttpTraffic {
  readonly #origin: string;
  readonly #onChange: () => void;
  readonly #inFlight = new Set<Request>();

  constructor(origin: string, onChange: () => void) {
    this.#origin = origin;
    this.#onChange = onChange;
    subscribe('undici:request:create', this.#begin);
    subscribe('undici:request:trailers', this.#end);
    subscribe('undici:request:error', this.#end);
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  close(): void {
    unsubscribe('undici:request:create', this.#begin);
    unsubscribe('undici:request:trailers', this.#end);
    unsubscribe('undici:request:error', this.#end);
  }

  readonly #begin = (message: unknown): void => {
    const { request } = message as { readonly request: Request };
    if (request.origin !== this.#origin) return;
    this.#inFlight.add(request);
    this.#onChange();
  };

  readonly #end = (message: unknown): void => {
    if (this.#inFlight.delete((message as { readonly request: Request }).request)) this.#onChange();
  };
}
