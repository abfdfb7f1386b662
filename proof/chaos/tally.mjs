/** Every kind of fault that must have struck where many worlds were played. */
export const FAULT_KINDS = [
  ...['latency', 'status', 'reset', 'truncated', 'html', 'shape', 'stall', 'stale', 'ignored', 'partial', 'redirect'],
  ...['date', 'header', 'hidden', 'emptied', 'second-writer', 'rename-member', 'rival'],
  ...['put: replaces', 'covered rows pruned', 'lists lag', 'unproven'],
];

const COUNTS = ['runs', 'puts', 'crashes', 'kills', 'foreignWrites', 'compared'];

/** Adds up what worlds report, in whatever order they come. */
export class Tally {
  worlds = 0;
  failed = [];
  /** Seeds of worlds that went another way when they were played again. */
  differing = [];
  counts = Object.fromEntries(COUNTS.map((name) => [name, 0]));
  struck = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0]));

  add(report) {
    this.worlds += 1;
    for (const name of COUNTS) this.counts[name] += report[name];
    for (const kind of FAULT_KINDS) this.struck[kind] += report.struck[kind] ?? 0;
    if (report.differs) this.differing.push(report.seed);
    if (report.broken !== null) this.failed.push(report);
  }

  /** Kinds that never struck: then a run of many worlds proves less than it says. */
  get neverStruck() {
    return FAULT_KINDS.filter((kind) => this.struck[kind] === 0);
  }
}
