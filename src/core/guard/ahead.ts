import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { Ahead, AheadDate } from '../domain/plan/ahead.ts';
import type { BoundRow } from '../domain/plan/bound-entitlement.ts';
import type { DatedName } from '../domain/plan/desired-state.ts';
import { COUNTED_TOGETHER_MS, LOOK_AHEAD_MS } from '../domain/plan/near-dates.ts';
import { endedByFor } from '../domain/policy/entitlement.ts';
import { compareText } from '../domain/text/text.ts';
import { type NamedShift, refusalsAhead } from './ahead-limits.ts';
import { shiftFinder } from './dated-shifts.ts';
import type { GuardInput } from './guard-input.ts';

/** What begins and ends soon by the dates of the policy, and which of it will exceed a limit. */
export function lookAhead(input: GuardInput): Ahead {
  const { now, dated, mode } = input.desired;
  const shiftsOf = shiftFinder({ after: now - COUNTED_TOGETHER_MS, to: now + LOOK_AHEAD_MS });
  const shifts = dated.flatMap((one): readonly NamedShift[] => {
    if (one.presence === 'excluded') return [];
    // Nobody gains before they are in the account, but they may join it until then. There is nothing that they can lose.
    const canLose = one.presence === 'writable' && !one.isProtected && mode !== 'additive';
    const byGrants = shiftsOf(one).map(({ kind, at, grant, rows, isAccountAdmin }) => ({
      kind,
      at,
      line: (kind === 'ends' && endedByFor(grant.bound.entitlement, one)) || grant.bound.entitlement.grant,
      what: asWritten(rows),
      name: one.name,
      isAccountAdmin,
    }));
    return [...byGrants, ...endAlone(one)].filter(({ kind }) => kind === 'begins' || canLose);
  });
  if (shifts.length === 0) return { dates: [], refusals: [] };
  return { dates: groupShifts(shifts.filter(({ at }) => at.at > now)), refusals: refusalsAhead(input, shifts) };
}

/** The rows as the policy writes them, each once: a pattern gives many. */
function asWritten(rows: readonly BoundRow[]): AheadDate['what'] {
  const written = new Map(
    rows.map(({ from: { resource }, level }) => [`${resource.text} ${level}`, { resource: resource.text, level }]),
  );
  return [...written.values()];
}

/** The `ends` of someone whom no grant names. It takes everything that they have. */
function endAlone({ name, grants, end }: DatedName): readonly NamedShift[] {
  if (end === null || grants.length > 0) return [];
  return [{ kind: 'ends', at: end.end, line: end.at, what: [], name, isAccountAdmin: false }];
}

interface Group extends Omit<AheadDate, 'who'> {
  readonly who: Map<string, PrincipalName>;
}

function groupShifts(shifts: readonly NamedShift[]): readonly AheadDate[] {
  const groups = new Map<string, Group>();
  for (const { kind, at, line, what, name } of shifts) {
    const key = JSON.stringify([kind, at.at, line.line, line.column, what]);
    const group = groups.get(key) ?? { kind, at, line, what, who: new Map() };
    group.who.set(principalNameText(name), name);
    groups.set(key, group);
  }
  return [...groups.values()].sort(compareGroups).map(({ who, ...group }) => ({
    ...group,
    who: [...who].sort(([a], [b]) => compareText(a, b)).map(([, name]) => name),
  }));
}

function compareGroups(a: Group, b: Group): number {
  return a.at.at - b.at.at || a.line.line - b.line.line || a.line.column - b.line.column || compareText(a.kind, b.kind);
}
