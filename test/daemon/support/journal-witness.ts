import type { AuditProof } from '../../../src/core/domain/answer/audit-proof.ts';
import type { IntendedPut, PutEnd } from '../../../src/core/domain/run/daemon-ports.ts';
import type { RowWrite } from '../../../src/core/domain/run/ports.ts';
import type { LoggedRequest } from '../../../src/simulator/request-log.ts';
import { sentPut } from '../../support/account-snapshot.ts';
import { keyOf } from '../../support/oracle.ts';
import type { DaemonProcess } from './daemon-process.ts';

interface Record {
  readonly process: DaemonProcess;
  readonly text: string;
  /** How many requests had arrived when it was written down. */
  readonly after: number;
  isGiven: boolean;
  /** The answer of the one request that may have taken effect. */
  request: LoggedRequest | null;
  end: PutEnd | null;
}

/** Compares what the journal says with what arrived at the API. */
export class JournalWitness {
  readonly #complain: (what: string) => void;
  readonly #records: Record[] = [];
  readonly #arrived: () => number;
  #seen = 0;

  constructor(arrived: () => number, complain: (what: string) => void) {
    this.#arrived = arrived;
    this.#complain = complain;
  }

  /** `givesBack`: it gives back rows that an earlier PUT took, for which no line of a policy is the reason. */
  intended(process: DaemonProcess, { access, changes, runId }: IntendedPut, givesBack = false): void {
    if (changes.length === 0) this.#complain(`${runId} intends a PUT of nothing`);
    for (const { why, resource } of changes) {
      if (why.length === 0 && !givesBack)
        this.#complain(`${runId} intends a change of ${keyOf(resource)} without a reason`);
    }
    const text = putText(
      access,
      changes.map(({ resource, after }) => [keyOf(resource), after]),
    );
    this.#records.push({ process, text, after: this.#arrived(), isGiven: false, request: null, end: null });
  }

  given(process: DaemonProcess, access: number, rows: readonly RowWrite[]): void {
    const text = putText(
      access,
      rows.map(({ resource, level }) => [keyOf(resource), level === null ? 0 : level === 'admin' ? 100 : 10]),
    );
    const record = this.#records.find((one) => one.process === process && one.text === text && !one.isGiven);
    if (record) record.isGiven = true;
    else this.#complain(`a PUT without an intent: ${text}`);
  }

  ended(process: DaemonProcess, { access, changes }: IntendedPut, end: PutEnd): void {
    const text = putText(
      access,
      changes.map(({ resource, after }) => [keyOf(resource), after]),
    );
    const record = this.#records.find((one) => one.process === process && one.text === text && one.isGiven && !one.end);
    if (record) record.end = end;
    else this.#complain(`an outcome of a PUT that was not sent: ${text}`);
  }

  /** Takes in the requests that arrived since, each of which must have been intended. */
  check(requests: readonly LoggedRequest[]): void {
    for (const request of requests.slice(this.#seen)) {
      if (request.method !== 'PUT') continue;
      const { access, rows } = sentPut(request);
      const text = putText(
        access,
        rows.map(({ key, level }) => [key, level]),
      );
      // Nobody writes the same rows twice at once, so it is the newest intent that was on its way.
      const record = this.#records.findLast(
        (one) => one.isGiven && one.text === text && one.after < request.seq && one.request === null,
      );
      if (!record) this.#complain(`the API got a PUT that was not intended, or twice: ${text}`);
      // A request that was refused for the rate limit may be sent again.
      else if (request.status !== 429) record.request = request;
    }
    this.#seen = requests.length;
  }

  /** The files say the same: every intent is in an unbroken chain, and only what died is without an outcome. */
  checkProof({ breaks, intents, withoutOutcome, unknown }: AuditProof): void {
    for (const { line, what } of breaks) this.#complain(`line ${line} of the audit log: ${what}`);
    const open = this.#records.filter(({ end }) => end === null).length;
    if (intents !== this.#records.length)
      this.#complain(`${intents} intents on disk, ${this.#records.length} were made`);
    if (withoutOutcome.length + unknown !== open) {
      this.#complain(`${withoutOutcome.length} + ${unknown} intents without an outcome on disk, ${open} were left`);
    }
  }

  /** What a process that is not writing left open, and what it called answered. */
  checkEnded(process: DaemonProcess): void {
    for (const { text, end, request } of this.#records.filter((one) => one.process === process)) {
      if (end === null) this.#complain(`an intent without an outcome: ${text}`);
      const { status = null } = request ?? {};
      const wasAnswered = status !== null && status >= 200 && status < 300;
      if (end?.kind === 'answered' && !wasAnswered) this.#complain(`answered, says the journal of ${status}: ${text}`);
    }
  }
}

/** Who and which rows, whatever their order. */
function putText(access: number, rows: readonly (readonly [key: string, level: number])[]): string {
  return `${access} ${JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)))}`;
}
