import type { AccountSeed } from '../../../src/simulator/seed.ts';

/** What is true of the API of a world that nobody documents, and whether an earlier run has seen what a PUT does. */
export interface Switches {
  readonly seed: Pick<AccountSeed, 'put' | 'coveredRows' | 'listsLagReads'>;
  readonly putsAreProven: boolean;
}

const AS_ASSUMED: Switches = { seed: {}, putsAreProven: true };

/** By what is left of the seed: the worlds of the suite stay as they were. */
const BY_SEED: Readonly<Record<number, Switches>> = {
  1: { seed: { listsLagReads: 2 }, putsAreProven: true },
  5: { seed: { put: 'replaces' }, putsAreProven: false },
  7: { seed: {}, putsAreProven: false },
  11: { seed: { coveredRows: 'pruned' }, putsAreProven: true },
  12: { seed: { coveredRows: 'pruned' }, putsAreProven: false },
  14: { seed: { put: 'replaces', coveredRows: 'pruned' }, putsAreProven: false },
};

export function switchesOf(seed: number): Switches {
  return BY_SEED[seed % 16] ?? AS_ASSUMED;
}

/** Their names, as they are counted. */
export function switchNames({ seed, putsAreProven }: Switches): readonly string[] {
  return [
    ...(seed.put === 'replaces' ? ['put: replaces'] : []),
    ...(seed.coveredRows === 'pruned' ? ['covered rows pruned'] : []),
    ...(seed.listsLagReads ? ['lists lag'] : []),
    ...(putsAreProven ? [] : ['unproven']),
  ];
}
