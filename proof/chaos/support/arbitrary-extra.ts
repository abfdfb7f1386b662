import fc from 'fast-check';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { ChaosCourse } from './arbitrary-course.ts';

/** What somebody does to the account right after a PUT, before grantd reads what became of it. */
export type Rival = 'undo' | 'take-another';

/** What happens in an act besides what its course draws. */
export interface Extra {
  /** Somebody has another e-mail from now on; it may be that of a person whom the policy names. */
  readonly rename: AccountWrite | null;
  readonly rival: Rival | null;
}

/** Half of them are known to the policies of these worlds. */
const EMAILS = [
  'ann@x.test',
  'bob@x.test',
  'owner@x.test',
  'absent@x.test',
  'Ann.New@x.test',
  'married@x.test',
  'z@y.test',
];

/** Drawn apart from the course of the same seed, so that whatever is added here leaves all courses as they were. */
export function extrasOf(seed: number, { live, acts }: ChaosCourse): readonly Extra[] {
  const { accesses } = live.world.actual;
  const [extras = []] = fc.sample(
    arbitraryExtras(
      accesses.map(({ access }) => access),
      acts.length,
    ),
    {
      seed: seed ^ 0x2f0f0f0f,
      numRuns: 1,
      unbiased: true,
    },
  );
  return extras;
}

function arbitraryExtras(accesses: readonly number[], acts: number): fc.Arbitrary<Extra[]> {
  const rarely = <T>(weight: number, arbitrary: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(null) }, { weight, arbitrary });
  const rename = fc
    .record({ who: fc.constantFrom(...(accesses.length > 0 ? accesses : [100])), email: fc.constantFrom(...EMAILS) })
    .map((drawn): AccountWrite => ({ act: 'rename-member', ...drawn }));
  const extra = fc.record({
    rename: rarely(2, rename),
    rival: rarely(2, fc.constantFrom<Rival>('undo', 'take-another')),
  });
  return fc.array(extra, { minLength: acts, maxLength: acts });
}
