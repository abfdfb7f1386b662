/** The dates of one person’s only grant, as a text says them. */
export interface WrittenDates {
  readonly from: number | null;
  readonly until: number | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** One write that took the only row of somebody, or gave it. */
interface Written {
  readonly person: number;
  readonly run: number;
}

/**
 * Counts what dates change, apart from grantd: by the texts that it accepted and by the PUTs that it sends. It knows the true age
 * of each end, whatever state was lost.
 */
export class DatedWitness {
  readonly #limits: { readonly losses: number; readonly gains: number };
  readonly #now: () => number;
  readonly #complaints: string[] = [];
  #saved: readonly WrittenDates[] = [];
  #text: readonly WrittenDates[] = [];
  /** By person and end, since when every accepted text has set it. */
  #since = new Map<string, number>();
  #stateLostAt = Number.NEGATIVE_INFINITY;
  #taken: Written[] = [];
  #given: Written[] = [];
  #run = 0;

  constructor(limits: { readonly losses: number; readonly gains: number }, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  saved(text: readonly WrittenDates[]): void {
    this.#saved = text;
  }

  accepted(): void {
    this.#text = this.#saved;
    const before = this.#since;
    this.#since = new Map(
      this.#text.flatMap(({ until }, person): [string, number][] =>
        until === null ? [] : [[`${person} ${until}`, before.get(`${person} ${until}`) ?? this.#now()]],
      ),
    );
  }

  lostState(): void {
    this.#stateLostAt = this.#now();
  }

  startedRun(): void {
    this.#run += 1;
  }

  puts(person: number, isGain: boolean): void {
    const list = isGain ? this.#given : this.#taken;
    list.push({ person, run: this.#run });
    if (isGain) this.#judgeGain();
    else this.#judgeLoss(person);
  }

  check(): void {
    const [complaint] = this.#complaints;
    if (complaint !== undefined) throw new Error(complaint);
  }

  /** An end that was known for long counts towards nothing, so it is carried out. */
  checkEnd(left: readonly number[], settledMs: number): void {
    this.check();
    for (const person of left) {
      const until = this.#text[person]?.until ?? null;
      if (until === null || until > this.#now() - settledMs || !this.#isKnownLong(person, until)) continue;
      const since = this.#since.get(`${person} ${until}`) ?? 0;
      if (since > this.#stateLostAt) throw new Error(`u${person} keeps what ended at ${until}, known since ${since}`);
    }
  }

  #judgeLoss(person: number): void {
    const until = this.#text[person]?.until ?? null;
    if (until === null || until > this.#now()) {
      this.#complaints.push(`u${person} loses something, and nothing of theirs has ended`);
      return;
    }
    if (this.#isKnownLong(person, until)) return;
    const counted = this.#text.flatMap(({ until: end }, other) => {
      if (end === null || end > this.#now() || this.#isKnownLong(other, end)) return [];
      const isTaken = this.#taken.some((one) => one.person === other && (this.#isLate(end) || one.run === this.#run));
      return isTaken ? [other] : [];
    });
    if (counted.length > this.#limits.losses)
      this.#complaints.push(`these lose by ends that count: u${counted.join()}`);
  }

  #judgeGain(): void {
    const counted = this.#text.flatMap(({ from }, other) => {
      const isDated = from !== null && this.#isLate(from);
      return this.#given.some((one) => one.person === other && (isDated || one.run === this.#run)) ? [other] : [];
    });
    if (counted.length > this.#limits.gains) this.#complaints.push(`these gain within 24 hours: u${counted.join()}`);
  }

  #isLate(at: number): boolean {
    return at <= this.#now() && at > this.#now() - DAY_MS;
  }

  #isKnownLong(person: number, end: number): boolean {
    return end - (this.#since.get(`${person} ${end}`) ?? this.#now()) >= DAY_MS;
  }
}
