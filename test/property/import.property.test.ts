import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import { compileSchema } from '../../src/core/document/compile-schema.ts';
import { commentText, writePolicy } from '../../src/core/document/write-policy.ts';
import { LEVEL, levelName } from '../../src/core/domain/account/access-level.ts';
import type { AccessRow, AccountAccess, ActualState } from '../../src/core/domain/account/actual-state.ts';
import { emailKey } from '../../src/core/domain/account/email.ts';
import { principalText } from '../../src/core/domain/account/principal.ts';
import { resourceKey } from '../../src/core/domain/account/resource.ts';
import { nodeLabel } from '../../src/core/domain/account/resource-tree.ts';
import { holdsWritable } from '../../src/core/domain/plan/desired-state.ts';
import type { ResolvedPolicy } from '../../src/core/domain/policy/entitlement.ts';
import { MODES } from '../../src/core/domain/policy/policy.ts';
import { foldAscii } from '../../src/core/domain/text/text.ts';
import { inferPolicy } from '../../src/core/infer/infer-policy.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { validatePolicy } from '../../src/core/validate/validate-policy.ts';
import { type AccountParts, arbitraryAccount, toActual, turned } from '../support/arbitrary/account.ts';
import { RUNS, SEED } from './runs.ts';

const NOW = Date.UTC(2026, 10, 24);
const checkShape = compileSchema(
  JSON.parse(readFileSync(new URL('../../schemas/policy.v1.schema.json', import.meta.url), 'utf8')),
);

function imported(actual: ActualState): { readonly text: string; readonly resolved: ResolvedPolicy } {
  const text = writePolicy(inferPolicy(actual));
  const checked = validatePolicy({ file: 'policy.yaml', text }, checkShape);
  expect(checked.problems, text).toEqual([]);
  if (!checked.ok) throw new Error('unreachable');
  return { text, resolved: resolvePolicy(checked.value) };
}

/** What a grant must give so that a row stays as it is. */
const GIVEN: Readonly<Record<string, string>> = { 10: 'viewer', 50: 'viewer', 100: 'admin' };

const EVERYTHING = {
  ignored: new Set<never>(),
  observed: new Set<never>(),
  managed: null,
  frozen: new Map<never, never>(),
};

function emailOf({ principal }: AccountAccess): string {
  return principal.kind === 'token' ? '' : emailKey(principal.email);
}

function isOwner({ rows }: AccountAccess): boolean {
  return rows.some(({ level }) => level === LEVEL.owner);
}

/** A third of the worlds of the other properties: each is written, read and validated. */
const CASES = Math.ceil(RUNS / 3);

function holds(check: (parts: AccountParts) => void): void {
  fc.assert(fc.property(arbitraryAccount(), check), { numRuns: CASES, seed: SEED });
}

describe(`the import of any account (seed ${SEED})`, () => {
  it('is valid without so much as a warning, and plans to nothing in every mode', { timeout: 600_000 }, () => {
    holds((parts) => {
      const actual = toActual(parts);
      const { text, resolved } = imported(actual);
      for (const mode of MODES) {
        const desired = bindPolicy({ ...resolved, policy: { ...resolved.policy, mode } }, actual, NOW);
        const { changes, deferred, notices } = diffStates(desired, actual);
        expect(changes, text).toEqual([]);
        expect(deferred, text).toEqual([]);
        expect(
          notices.filter(({ code }) => code !== 'email-twice'),
          text,
        ).toEqual([]);
      }
    });
  });

  it('gives every row that a policy can give, to everybody but owners and those of whom it says that they are left out', {
    timeout: 600_000,
  }, () => {
    holds((parts) => {
      const actual = toActual(parts);
      const { text, resolved } = imported(actual);
      const desired = bindPolicy(resolved, actual, NOW);
      const { unmanageable } = diffStates(desired, actual);
      for (const { kind, actual: held, reason } of unmanageable) {
        expect(kind, text).toBe('excess');
        if (held === LEVEL.viewer || held === LEVEL.admin)
          expect(['type', 'not-shown', 'cannot-update']).toContain(reason);
      }
      const named = new Set(desired.subjects.map(({ access }) => access.access));
      const owners = new Set(actual.accesses.filter(isOwner).map(emailOf));
      const leftOut = text
        .split('\n\n')
        .filter((block) => /^# (?:A user and an invite|A policy cannot spell)/.test(block));
      for (const access of actual.accesses) {
        if (access.principal.kind === 'token' || !holdsWritable(access, actual.tree, EVERYTHING)) continue;
        if (named.has(access.access) || owners.has(emailOf(access))) continue;
        expect(foldAscii(leftOut.join('\n')), text).toContain(commentText(foldAscii(access.principal.email)));
      }
    });
  });

  it('has every row of the account in a grant or in a note (case I6)', { timeout: 600_000 }, () => {
    holds((parts) => {
      const actual = toActual(parts);
      const { text, resolved } = imported(actual);
      const { notes } = inferPolicy(actual);
      const desired = bindPolicy(resolved, actual, NOW);
      const granted = (access: number, { type, id, level }: AccessRow) =>
        desired.subjects
          .filter((subject) => subject.access.access === access)
          .flatMap(({ running }) => running.flatMap(({ bound }) => bound.rows))
          .some((given) => given.node.type === type && given.node.id === id && given.level === GIVEN[String(level)]);
      const lines = notes.flatMap(({ items }) => items);
      // A note has fifty lines at most, and counts the others.
      const isCut = lines.some((line) => /^and \d+ more$/.test(line));
      const check = (row: AccessRow, isGranted: boolean, starts: readonly string[]) => {
        const node = actual.tree.find(row);
        const what = `${levelName(row.level)} on ${node ? nodeLabel(node) : resourceKey(row)}`;
        const isNoted = lines.some((line) => starts.some((start) => line.startsWith(start)) && line.includes(what));
        expect(isGranted || isNoted || isCut, `${starts[0]} ${what}\n${text}`).toBe(true);
      };
      for (const { access, principal, rows } of actual.accesses) {
        const who = `${principal.kind !== 'token' && principal.email === '' ? '(none)' : ''}${principalText(principal)}`;
        for (const row of rows) check(row, granted(access, row), [`${who}: `, `${who}, access ${access}: `]);
      }
      for (const { tokenId, rows, isOwnToken, name } of actual.apiTokens ?? []) {
        const declared = resolved.policy.tokens.find((one) => one.tokenId === tokenId);
        const line = lines.find((one) => one.includes(`, token: ${tokenId} } # has `));
        const own = isOwnToken || declared ? `token:${declared?.name ?? name}: ` : `${line?.split(':')[0]}: `;
        for (const row of rows) check(row, declared !== undefined && granted(declared.access, row), [own]);
      }
    });
  });

  it('is the same bytes whatever the order in which the account was listed', { timeout: 600_000 }, () => {
    holds((parts) => {
      expect(writePolicy(inferPolicy(toActual(turned(parts))))).toBe(writePolicy(inferPolicy(toActual(parts))));
    });
  });
});
