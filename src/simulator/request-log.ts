/** One request as it was received and answered. Secrets are replaced by the names of their tokens. */
export interface LoggedRequest {
  /** Counts from 1 in the order of arrival; never reused. */
  readonly seq: number;
  /** Epoch milliseconds of the simulator's clock. */
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** The name of the token; `null` for a missing, unknown or expired one. */
  readonly token: string | null;
  /** The parsed JSON; the text if it is not JSON; `null` if there is no body. */
  readonly body: unknown;
  readonly requestId: string;
  /** `null` until the answer, and for good if the connection was reset or stalled before the head. */
  readonly status: number | null;
  /** What was left of the rate limit; `null` until the answer. */
  readonly remaining: number | null;
  /** The kinds of the faults that struck, in the order in which they were injected. */
  readonly faults: readonly string[];
  /** True if this request changed the account. Writes of someone else do not count. */
  readonly changed: boolean;
}

/** The parts that are known on arrival. */
export type ArrivedRequest = Omit<LoggedRequest, 'seq' | 'requestId' | 'status' | 'remaining' | 'faults' | 'changed'>;
/** The parts that are known once the answer is decided. */
export type AnsweredRequest = Pick<LoggedRequest, 'status' | 'remaining' | 'faults' | 'changed'>;

const UNANSWERED: AnsweredRequest = { status: null, remaining: null, faults: [], changed: false };

/** Bounds the memory for bodies, each of which may be 1 MiB. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** The newest requests, at most `countMax` of them and 64 MiB of bodies. */
export class RequestLog {
  readonly #countMax: number;
  #entries = new Map<number, { readonly request: LoggedRequest; readonly bytes: number }>();
  #bytes = 0;
  #lastSeq = 0;
  #dropped = 0;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  /** How many requests were dropped to make room since the log was last cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  begin(arrived: ArrivedRequest, bytes: number): LoggedRequest {
    const seq = ++this.#lastSeq;
    const request = { seq, requestId: requestIdOf(seq), ...arrived, ...UNANSWERED };
    this.#entries.set(seq, { request, bytes });
    this.#bytes += bytes;
    this.#makeRoom();
    return request;
  }

  finish(seq: number, answered: AnsweredRequest): void {
    const entry = this.#entries.get(seq);
    if (entry) this.#entries.set(seq, { ...entry, request: { ...entry.request, ...answered } });
  }

  /** In the order of arrival. */
  list(): readonly LoggedRequest[] {
    return Array.from(this.#entries.values(), ({ request }) => request);
  }

  clear(): void {
    this.#entries = new Map();
    this.#bytes = 0;
    this.#dropped = 0;
  }

  #makeRoom(): void {
    for (const [seq, { bytes }] of this.#entries) {
      if (this.#entries.size <= this.#countMax && this.#bytes <= KEPT_BYTES_MAX) return;
      this.#entries.delete(seq);
      this.#bytes -= bytes;
      this.#dropped += 1;
    }
  }
}

/** Shaped like the real ones, and the same in every run. */
function requestIdOf(seq: number): string {
  return `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;
}
