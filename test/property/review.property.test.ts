import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/core/domain/account/principal.ts';
import type { AccessReview, EntryFinding, ReviewHolder } from '../../src/core/domain/answer/access-review.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { explainAccount } from '../../src/core/explain/explain-account.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { reviewAccess } from '../../src/core/review/review-access.ts';
import { reviewCsv } from '../../src/report/review/csv.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { declaredRows, effective, everybody, isNamed, keyOf, type RowMap } from '../support/oracle.ts';
import { wholeText } from '../support/whole-text.ts';
import { expectedReasons } from './explain-oracle.ts';
import { holds, SEED } from './runs.ts';

const messy = arbitraryWorld('messy');

function reviewOf({ policy, actual, now }: World): AccessReview {
  const resolved = resolvePolicy(policy);
  const planned = makePlan(resolved, actual, now, NO_RESTRAINTS);
  return reviewAccess({
    explained: explainAccount({ ...planned, resolved }),
    actual,
    plan: planned.plan,
    policy,
    origin: {
      source: { kind: 'account', apiUrl: 'https://mailtrap.io' },
      policy: { file: 'policy.yaml', revision: { sha256: '', commit: null } },
      version: '0',
    },
  });
}

function rowsOf({ actual }: World, holder: ReviewHolder): RowMap {
  const found = everybody(actual).find((one) =>
    'token' in one.name
      ? holder.principal.kind === 'token' && holder.principal.name === one.name.token
      : one.access === holder.access,
  );
  if (!found) throw new Error('the oracle does not know somebody in the review');
  return found.rows;
}

/** Drift by the oracle, for the findings that say it; owners and grantd's own token are none. */
function driftOf(has: number, entitled: number, isExempt: boolean): readonly string[] {
  if (has < entitled) return ['missing'];
  return has > entitled && !isExempt ? ['not-granted'] : [];
}

describe(`the access review, over random worlds (seed ${SEED})`, () => {
  it('leaves nobody out and no row, and finds exactly what a brute-force evaluator finds', () => {
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const review = reviewOf(world);
      expect([...review.holders].length).toBe(actual.accesses.length + (actual.apiTokens?.length ?? 0));
      for (const holder of review.holders) {
        const name = nameOf(holder.principal);
        const rows = rowsOf(world, holder);
        const entitled = isNamed(policy, name, now) ? declaredRows(policy, name, actual.tree, now) : new Map();
        const listed = new Set(holder.entries.map(({ resource }) => keyOf(resource)));
        expect([...rows.keys(), ...entitled.keys()].filter((key) => !listed.has(key))).toEqual([]);
        const isExempt = [...rows.values()].includes(1000) || holder.marks.includes('own-token');
        const shown = holder.entries.flatMap((entry) => {
          const node = actual.tree.find(entry.resource);
          return node ? [{ entry, node }] : [];
        });
        const expected = shown.map(({ node }) => {
          const [has, least] = [effective(rows, node), effective(entitled, node)];
          const gave = expectedReasons(policy, name, node, actual.tree, now).some(
            ({ kind, level, covers }) => kind === 'ended' && covers === 'certain' && level > least,
          );
          return [...driftOf(has, least, isExempt), ...(gave && has > least ? ['ended-still-there'] : [])];
        });
        expect(shown.map(({ entry }) => entry.findings.filter((one) => JUDGED.has(one)))).toEqual(expected);
      }
      const lines = [...review.holders].reduce((sum, { entries }) => sum + Math.max(1, entries.length), 0);
      expect(wholeText(reviewCsv(review)).split('\r\n').length - 2).toBe(lines + review.absent.length);
    });
  });
});

/** What the oracle judges; the other findings say what a plan says of a row. */
const JUDGED: ReadonlySet<EntryFinding> = new Set(['not-granted', 'missing', 'ended-still-there']);
