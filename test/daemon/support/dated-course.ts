import fc from 'fast-check';
import { emptyMemory } from '../../../src/core/domain/account/account-memory.ts';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import { ACCOUNT, smallSeed } from '../../support/small-seed.ts';
import { DaemonWorld } from './daemon-world.ts';
import { DatedWitness, type WrittenDates } from './dated-witness.ts';

export const HOUR_MS = 60 * 60 * 1000;
const PEOPLE_COUNT = 6;

/** When the first of the people has a date, how far apart they are, and who has none; in hours from when the text is saved. */
interface DatesDraft {
  readonly first: number;
  readonly apart: number;
  readonly without: readonly number[];
}

type DatedStep =
  | { readonly kind: 'edit'; readonly draft: DatesDraft }
  | { readonly kind: 'same-dates' }
  | { readonly kind: 'pass'; readonly hours: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'lose-state' };

/** A policy in which each person has one grant, and what happens to it, to the daemon and to its state. */
export interface DatedCourse {
  readonly isAdmin: boolean;
  readonly holds: readonly boolean[];
  readonly steps: readonly DatedStep[];
}

/** Dates on both sides of 24 hours, at once or one after the other. */
const draft: fc.Arbitrary<DatesDraft> = fc.record({
  first: fc.constantFrom(-1, 0.5, 12, 23.5, 23.99, 24.01, 30),
  apart: fc.constantFrom(0, 0.1, 1, 5, 9),
  without: fc.array(fc.nat({ max: PEOPLE_COUNT - 1 }), { maxLength: 2 }),
});

const between: fc.Arbitrary<DatedStep> = fc.oneof(
  fc.constant({ kind: 'same-dates' as const }),
  fc.record({ kind: fc.constant('pass' as const), hours: fc.constantFrom(1, 10, 23) }),
  fc.constant({ kind: 'restart' as const }),
  fc.constant({ kind: 'lose-state' as const }),
);

/** One or two texts with dates, what happens in between, and days in which the dates come. */
const steps: fc.Arbitrary<readonly DatedStep[]> = fc
  .array(fc.tuple(draft, fc.array(between, { maxLength: 3 })), { minLength: 1, maxLength: 2 })
  .map((parts) =>
    parts.flatMap(([one, others], index): readonly DatedStep[] => [
      { kind: 'edit', draft: one },
      ...others,
      { kind: 'pass', hours: index === parts.length - 1 ? 50 : 20 },
    ]),
  );

export const arbitraryDatedCourse: fc.Arbitrary<DatedCourse> = fc.record({
  isAdmin: fc.boolean(),
  holds: fc.oneof(
    fc.boolean().map((isHeld) => Array<boolean>(PEOPLE_COUNT).fill(isHeld)),
    fc.array(fc.boolean(), { minLength: PEOPLE_COUNT, maxLength: PEOPLE_COUNT }),
  ),
  steps,
});

const accessOf = (person: number) => 100 + person;
const mailOf = (person: number) => `u${person}@x.test`;

/** The limits of every text. */
const LIMITS = { revokes: 2, gains: 2, newAdmins: 1 };

/** Plays a course through the real daemon, and throws the first complaint of a witness that counts by itself. */
export async function playDatedCourse({ isAdmin, holds, steps }: DatedCourse): Promise<void> {
  const row = isAdmin ? { type: 'account', id: ACCOUNT, level: 100 } : { type: 'project', id: 1, level: 10 };
  const witness = new DatedWitness({ losses: LIMITS.revokes, gains: isAdmin ? LIMITS.newAdmins : LIMITS.gains }, () =>
    world.clock.now(),
  );
  const world: DaemonWorld = await DaemonWorld.open({
    seed: smallSeed({
      accesses: [
        { access: 99, kind: 'user', email: 'owner@x.test', owner: true },
        ...holds.map((isHeld, person) => ({
          access: accessOf(person),
          kind: 'user' as const,
          email: mailOf(person),
          rows: isHeld ? [row] : [],
        })),
      ],
    }),
    listener: {
      onEvent: (_, event) => {
        if (event.kind === 'policy.accepted') witness.accepted();
        if (event.kind === 'run.started') witness.startedRun();
      },
      onPut: (_, access, rows) =>
        witness.puts(
          access - accessOf(0),
          rows.some(({ level }) => level !== null),
        ),
    },
  });
  let revision = 0;
  let written: readonly WrittenDates[] = holds.map((isHeld) => ({
    from: isHeld ? null : world.clock.now() + 1_000 * HOUR_MS,
    until: null,
  }));
  const save = () => {
    revision += 1;
    witness.saved(written);
    world.file.save(textOf(written, isAdmin, revision));
    world.file.hint();
  };
  try {
    save();
    await world.begin();
    for (const one of steps) {
      if (one.kind === 'edit')
        written = written.map((before, person) =>
          datesOf(one.draft, person, holds[person] === true, before, world.clock.now()),
        );
      if (one.kind === 'edit' || one.kind === 'same-dates') save();
      if (one.kind === 'restart' || one.kind === 'lose-state') {
        await world.stop();
        if (one.kind === 'lose-state') {
          await world.storage.state.save(emptyMemory(ACCOUNT));
          witness.lostState();
        }
        await world.begin();
      }
      await world.clock.advance(one.kind === 'pass' ? one.hours * HOUR_MS : HOUR_MS / 10);
      witness.check();
    }
    await world.clock.advance(HOUR_MS);
    const left = holds.flatMap((_, person) =>
      Object.keys(world.simulator.rows(accessOf(person))).length > 0 ? [person] : [],
    );
    witness.checkEnd(left, HOUR_MS);
  } finally {
    await world.close();
  }
}

/** Who holds the row gets an end, and everybody else a beginning. */
function datesOf(
  { first, apart, without }: DatesDraft,
  person: number,
  isHeld: boolean,
  before: WrittenDates,
  now: number,
): WrittenDates {
  if (without.includes(person)) return before;
  const at = Math.floor(now + (first + apart * person) * HOUR_MS);
  return isHeld ? { from: null, until: at } : { from: at, until: null };
}

function textOf(people: readonly WrittenDates[], isAdmin: boolean, revision: number): string {
  const date = (key: string, at: number | null) => (at === null ? '' : `, ${key}: ${instantText(at)}`);
  const what = isAdmin ? 'account, level: admin' : 'project:Web, level: viewer';
  return [
    'version: 1',
    `account: ${ACCOUNT}`,
    'mode: authoritative',
    'unlisted: keep',
    'protected: []',
    `limits: { revokes: { principals: ${LIMITS.revokes}, percent: 100 }, gains: { principals: ${LIMITS.gains} }, admins: 1, newAdmins: ${LIMITS.newAdmins} }`,
    'grants:',
    `  - { to: owner@x.test, resource: billing, level: viewer, reason: "text ${revision}" }`,
    ...people.map(
      ({ from, until }, person) =>
        `  - { to: ${mailOf(person)}, resource: ${what}${date('from', from)}${date('until', until)} }`,
    ),
    'paused: false',
    '',
  ].join('\n');
}
