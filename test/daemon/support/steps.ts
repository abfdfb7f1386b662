import fc from 'fast-check';
import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { Fault, FaultMatch } from '../../../src/simulator/fault.ts';
import type { RowSeed } from '../../../src/simulator/seed.ts';
import { keyOf } from '../../support/oracle.ts';
import { ACCOUNT, ADMIN_TOKEN } from '../../support/small-seed.ts';
import type { Effect } from './life.ts';
import type { GrantDraft, PolicyDraft } from './policy-draft.ts';
import { type FirstRows, PEOPLE, TOKEN } from './small-account.ts';

/** How a file comes to hold no policy that counts. */
export const SPOILS = [
  'cut-off',
  'missing',
  'empty',
  'unknown-key',
  'paused-line',
  'other-account',
  'other-account-paused',
] as const;
export type Spoil = (typeof SPOILS)[number];

/** What may happen at any moment, in the middle of a run too. */
export type Happening =
  /** `isHinted`: an event of the file system tells. Otherwise only the periodic read will. */
  | { readonly kind: 'edit'; readonly draft: PolicyDraft; readonly isHinted: boolean }
  | { readonly kind: 'spoil'; readonly how: Spoil; readonly isHinted: boolean }
  /** The last good text is back. */
  | { readonly kind: 'repair'; readonly isHinted: boolean }
  | { readonly kind: 'ask'; readonly trigger: 'request' | 'signal'; readonly times: number }
  | { readonly kind: 'drift'; readonly writes: readonly AccountWrite[] }
  /** The wall clock is set by so much; the API's is not. */
  | { readonly kind: 'set-clock'; readonly byMs: number }
  | { readonly kind: 'correct-clock' }
  /** The machine sleeps. */
  | { readonly kind: 'suspend'; readonly ms: number }
  | { readonly kind: 'crash' };

export type Step =
  | Happening
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'miss-slot' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'clear-faults' }
  | { readonly kind: 'restart' }
  /** Somebody undoes the newest change that the daemon wrote, so many times, and each time there are so many runs afterwards. */
  | { readonly kind: 'rival'; readonly times: number; readonly runs: number; readonly passMs: number }
  /** It happens right before the daemon does such a thing for the so-manieth time from now. */
  | { readonly kind: 'midway'; readonly before: Effect; readonly skip: number; readonly what: Happening };

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const NAMES = ['ann@x.test', 'bob@x.test', 'cid@x.test', 'inv@x.test', 'prot@x.test', 'group:crew'];
const RESOURCES = ['project:Web', 'project:App', 'inbox:Web/Live', 'inbox:Web/*', 'project:*', 'inbox:App/Live'];

function often<T>(common: readonly T[], rare: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...common) },
    { weight: 1, arbitrary: fc.constantFrom(...rare) },
  );
}

const grant: fc.Arbitrary<GrantDraft> = fc
  .record({
    to: fc.uniqueArray(often(NAMES, ['token:ci', 'absent@x.test']), { minLength: 1, maxLength: 2 }),
    resource: fc.uniqueArray(often(RESOURCES, ['account', 'billing', 'project:Gone']), { minLength: 1, maxLength: 2 }),
    level: fc.constantFrom('viewer' as const, 'admin' as const),
    from: fc.option(fc.integer({ min: -20, max: 30 }), { nil: null, freq: 4 }),
    lasts: fc.option(fc.integer({ min: 1, max: 40 }), { nil: null, freq: 2 }),
  })
  .map(({ lasts, ...rest }) => ({ ...rest, until: lasts === null ? null : (rest.from ?? -10) + lasts }));

export const arbitraryDraft: fc.Arbitrary<PolicyDraft> = fc.record({
  mode: often(['authoritative' as const], ['additive' as const, 'observe' as const]),
  unlisted: often(['keep' as const], ['revoke' as const]),
  revokes: often([50], [0, 1]),
  gains: often([50], [1]),
  newAdmins: often([50], [0]),
  ignore: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.constant(['project:App']) }),
  ends: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc
        .record({ who: fc.constantFrom('bob@x.test', 'cid@x.test'), minutes: fc.integer({ min: -10, max: 30 }) })
        .map(({ who, minutes }): Record<string, number> => ({ [who]: minutes })),
    },
  ),
  grants: fc.oneof(
    { weight: 12, arbitrary: fc.array(grant, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  ),
  paused: often([false], [true]),
});

const resource = fc.constantFrom(
  { type: 'project', id: 1 },
  { type: 'project', id: 2 },
  { type: 'inbox', id: 11 },
  { type: 'inbox', id: 21 },
  { type: 'account', id: ACCOUNT },
);
const who = fc.constantFrom(...Object.keys(PEOPLE).map(Number).slice(0, 6), TOKEN.access);
const write: fc.Arbitrary<AccountWrite> = fc
  .record({ who, resource, level: fc.constantFrom(null, 10, 100) })
  .map(({ who: id, resource: on, level }) =>
    level === null
      ? { act: 'remove-row' as const, who: id, ...on }
      : { act: 'set-row' as const, who: id, ...on, level },
  );

export const arbitraryFirstRows: fc.Arbitrary<FirstRows> = fc
  .array(fc.record({ who, resource, level: fc.constantFrom(10, 100) }), { maxLength: 10 })
  .map((rows) => {
    const byAccess = new Map<number, Map<string, RowSeed>>();
    for (const { who: access, resource: on, level } of rows) {
      const own = byAccess.get(access) ?? new Map<string, RowSeed>();
      byAccess.set(access, own.set(keyOf(on), { ...on, level }));
    }
    return Object.fromEntries([...byAccess].map(([access, own]) => [access, [...own.values()]]));
  });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      draft: arbitraryDraft,
      isHinted: often([true], [false]),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('spoil' as const),
      how: fc.constantFrom(...SPOILS),
      isHinted: often([true], [false]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repair' as const), isHinted: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      trigger: fc.constantFrom('request' as const, 'signal' as const),
      times: fc.constantFrom(1, 1, 20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('drift' as const),
      writes: fc.array(write, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('set-clock' as const),
      byMs: fc.constantFrom(-HOUR_MS, -4 * MINUTE_MS, 3 * SECOND_MS, 4 * MINUTE_MS, 20 * MINUTE_MS),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'correct-clock' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('suspend' as const), ms: fc.constantFrom(20 * MINUTE_MS, 3 * HOUR_MS) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
);

const READS: readonly FaultMatch[] = [
  { method: 'GET' },
  { method: 'GET', path: { regexp: 'account_accesses$' } },
  { method: 'GET', path: { regexp: 'permissions/resources$' } },
];
const WRITES: readonly FaultMatch[] = [{ method: 'PUT' }, { method: 'PUT', path: 'account_accesses/101/' }];

const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .record({
        match: fc.constantFrom(...READS),
        effect: fc.constantFrom<Fault>(
          { kind: 'status', status: 429 },
          { kind: 'status', status: 503 },
          { kind: 'status', status: 422, body: { json: { error: `no such token: ${ADMIN_TOKEN}` } } },
          { kind: 'reset' },
          { kind: 'reset', strike: 'midway' },
          { kind: 'truncated' },
          { kind: 'html' },
          { kind: 'emptied' },
        ),
        times: fc.constantFrom<(number | 'always')[]>(1, 2, 5, 20, 'always'),
        afterRequests: fc.constantFrom(0, 0, 1, 2),
      })
      .map(({ effect, ...selection }) => ({ ...effect, ...selection })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        match: fc.constantFrom(...WRITES),
        effect: fc.oneof(
          fc.constantFrom<Fault>(
            { kind: 'status', status: 429 },
            { kind: 'status', status: 503, strike: 'before' },
            { kind: 'status', status: 503, strike: 'after' },
            { kind: 'status', status: 403, body: { text: `token ${ADMIN_TOKEN} may not` } },
            { kind: 'reset', strike: 'before' },
            { kind: 'reset', strike: 'after' },
            { kind: 'ignored' },
            { kind: 'ignored' },
            { kind: 'partial', items: 1 },
            { kind: 'stale', ms: 2_000 },
            { kind: 'stale', ms: 20_000 },
          ),
          write.map((drawn): Fault => ({ kind: 'second-writer', strike: 'after', write: drawn })),
        ),
        times: fc.constantFrom<(number | 'always')[]>(1, 1, 2, 'always'),
        afterRequests: fc.constantFrom(0, 0, 1),
      })
      .map(({ effect, ...selection }) => ({ ...effect, ...selection })),
  },
);

const pass = fc
  .constantFrom(
    ...[SECOND_MS, 10 * SECOND_MS, 10 * SECOND_MS, 65 * SECOND_MS, 6 * MINUTE_MS, 16 * MINUTE_MS, 16 * MINUTE_MS],
    ...[50 * MINUTE_MS, 50 * MINUTE_MS],
  )
  .map((ms): Step => ({ kind: 'pass', ms }));
const longPass = fc.constant<Step>({ kind: 'pass', ms: 25 * HOUR_MS });

const midway: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('midway' as const),
  before: fc.constantFrom<Effect[]>('put', 'put', 'intend', 'outcome', 'outcome', 'read', 'save', 'look', 'open'),
  skip: fc.constantFrom(0, 0, 1, 2, 3),
  what: happening,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 48, arbitrary: happening },
  { weight: 48, arbitrary: pass },
  // A hundred runs by the schedule, for what comes once a day.
  { weight: 1, arbitrary: longPass },
  { weight: 30, arbitrary: midway },
  { weight: 20, arbitrary: fault.map((drawn): Step => ({ kind: 'fault', fault: drawn })) },
  { weight: 8, arbitrary: fc.constant<Step>({ kind: 'clear-faults' }) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'miss-slot' }) },
  { weight: 8, arbitrary: fc.constant<Step>({ kind: 'restart' }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('rival' as const),
      times: fc.integer({ min: 2, max: 5 }),
      runs: fc.constantFrom(1, 2, 2, 3),
      passMs: fc.constantFrom(10 * SECOND_MS, 10 * SECOND_MS, 16 * MINUTE_MS, 5 * HOUR_MS),
    }),
  },
);

export interface Course {
  readonly rows: FirstRows;
  readonly isTokenListed: boolean;
  readonly rowsPerPut: number;
  readonly concurrency: number;
  /** Whether state and journal are the real files. */
  readonly isOnDisk: boolean;
  readonly first: PolicyDraft;
  readonly steps: readonly Step[];
}

/** A whole course of events, up to that many steps. */
export function arbitraryCourse(stepsMost: number): fc.Arbitrary<Course> {
  return fc.record({
    rows: arbitraryFirstRows,
    isTokenListed: fc.boolean(),
    rowsPerPut: fc.constantFrom(100, 100, 1, 2),
    concurrency: fc.constantFrom(4, 1, 1),
    isOnDisk: fc.constantFrom(false, false, false, false, false, false, false, true),
    first: arbitraryDraft,
    steps: fc.array(step, { maxLength: stepsMost, size: 'max' }),
  });
}
