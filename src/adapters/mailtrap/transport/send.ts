/** One request, as it is to be sent once. */
export interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  /**
   * Asked at the moment in which the connection stands and nothing has been sent. Between the call and that moment a name is
   * looked up and a connection made; a process that was frozen in it must not send when it wakes.
   */
  readonly mayLeave: () => boolean;
}

/** Of the headers of an answer only single ones are looked up, in any spelling. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/** An answer from its headers on. Its body is decompressed, and still arriving. */
export interface Incoming {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a request once. Redirects are answers. Rejects where no answer came, and with `HeldBack` where it might not leave. */
export type Send = (url: URL, outgoing: Outgoing) => Promise<Incoming>;

/** A request that was not allowed to leave: nothing of it was sent. */
export class HeldBack extends Error {
  override readonly name = 'HeldBack';

  constructor() {
    super('held back');
  }
}
