import { subscribe } from 'node:diagnostics_channel';

/** A request that may still be held back while its connection is being made. */
export interface Departure {
  /** Whether it was held back, so that nothing of it was sent. */
  readonly wasHeldBack: boolean;
  /** The request has ended. */
  end(): void;
}

interface Watched {
  readonly mayLeave: () => boolean;
  wasHeldBack: boolean;
}

/**
 * Asks at the moment in which undici hands the request to its connection. Closing the connection there sends nothing.
 * Should a version of it not tell of that moment, what was asked before the call is all.
 */
export function watchDeparture(method: string, url: URL, mayLeave: () => boolean): Departure {
  if (!isSubscribed) subscribeOnce();
  const key = keyOf(method, url.origin, `${url.pathname}${url.search}`);
  const watched: Watched = { mayLeave, wasHeldBack: false };
  const others = waiting.get(key) ?? new Set();
  waiting.set(key, others.add(watched));
  return {
    get wasHeldBack() {
      return watched.wasHeldBack;
    },
    end: () => {
      others.delete(watched);
      if (others.size === 0) waiting.delete(key);
    },
  };
}

const waiting = new Map<string, Set<Watched>>();
let isSubscribed = false;

function subscribeOnce(): void {
  isSubscribed = true;
  subscribe('undici:client:sendHeaders', (message) => {
    const { request, socket } = message as {
      readonly request: { readonly method: string; readonly origin: string | URL; readonly path: string };
      readonly socket: { destroy(error: Error): void };
    };
    for (const watched of waiting.get(keyOf(request.method, String(request.origin), request.path)) ?? []) {
      if (watched.mayLeave()) continue;
      watched.wasHeldBack = true;
      socket.destroy(new Error('held back'));
    }
  });
}

function keyOf(method: string, origin: string, path: string): string {
  return `${method} ${origin.replace(/\/$/, '')} ${path}`;
}
