import { Session } from 'node:inspector';

/**
 * Which code was run since the last look, as V8 counts it itself: nothing is instrumented, so what runs is what ships.
 * Has to be made before the code is loaded. A look takes milliseconds, so one is taken for many inputs.
 */
export class Coverage {
  #session = new Session();
  #isOurs;
  /** For each function the bytes of its text that were ever run. */
  #seen = new Map();
  /** Functions with the blocks that were run, as they were seen before: most of each look. */
  #known = new Set();

  /** @param {(url: string) => boolean} isOurs which files count */
  constructor(isOurs) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Whether anything was run that never was before. It still counts as never run, unless it is remembered. */
  look(isRemembered) {
    let isFresh = false;
    for (const { url, functions } of this.#post('Profiler.takePreciseCoverage').result) {
      if (!this.#isOurs(url)) continue;
      for (const { ranges } of functions) if (this.#judge(url, ranges, isRemembered)) isFresh = true;
    }
    return isFresh;
  }

  /** How much was ever run. */
  get size() {
    let bytes = 0;
    for (const run of this.#seen.values()) for (const flag of run) bytes += flag;
    return { functions: this.#seen.size, bytes };
  }

  #judge(url, ranges, isRemembered) {
    const [{ startOffset: start, endOffset: end }] = ranges;
    const key = `${url} ${start} ${end}`;
    const signature = `${key} ${ranges.map((range) => `${range.startOffset}${range.count > 0 ? '+' : '-'}`).join()}`;
    if (this.#known.has(signature)) return false;
    const run = new Uint8Array(end - start);
    // From the outermost to the innermost, each saying more exactly what the one around it said.
    for (const range of ranges) run.fill(range.count > 0 ? 1 : 0, range.startOffset - start, range.endOffset - start);
    const before = this.#seen.get(key);
    const isFresh = run.some((flag, at) => flag === 1 && before?.[at] !== 1);
    if (isFresh && isRemembered) this.#seen.set(key, before ? run.map((flag, at) => flag | before[at]) : run);
    if (!isFresh || isRemembered) this.#known.add(signature);
    return isFresh;
  }

  #post(method, parameters) {
    let answer;
    this.#session.post(method, parameters, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  }
}
