import { LEVEL } from '../../../core/domain/account/access-level.ts';
import { principalText } from '../../../core/domain/account/principal.ts';
import type { Policy } from '../../../core/domain/policy/policy.ts';
import type { BatchOutcome, RunEvent } from '../../../core/domain/run/run-result.ts';
import { oddVisible } from '../../../core/domain/text/odd-characters.ts';
import { counted, shellWord, visibleText } from '../../../core/domain/text/text.ts';
import { commandLines, fitText } from '../../../report/layout/fit.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import type { PlannedRun } from '../../../run/reconcile/make-plan.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';

/** Prose has lines, wherever it goes. */
const PROSE_COLUMNS = 118;

const OPENING =
  'grantd keeps the permissions of a Mailtrap account equal to a policy in git: it shows what differs and why, writes just ' +
  'that, and reads the account back. This demo uses a simulated account: nothing leaves this machine, and it touches no ' +
  'real account.';

/** The first lines of the demo: what grantd is, and which account it uses. */
export function introduction(simulator: Simulator, seedPath: string, paint: Paint): string {
  const { id, accesses, resources } = simulator.state();
  return [
    fitText(OPENING, { columns: Math.min(paint.columns ?? PROSE_COLUMNS, PROSE_COLUMNS) }, 0),
    '',
    paint.strong('1. The account'),
    `   ${id}, simulated at ${simulator.url}: ${accesses.length} members and tokens, ${resources.length} resources`,
    `   (from ${visibleText(seedPath)})`,
    '',
  ].join('\n');
}

/** How many grants, groups and roles a policy has. */
export function policySummary({ file, mode, grants, groups, roles }: Policy): string {
  const counts = [counted(grants.length, 'grant'), counted(groups.length, 'group'), counted(roles.length, 'role')];
  return `${visibleText(file)} is valid: ${counts.join(', ')}, mode ${mode}`;
}

/** One PUT: whose, how many rows, and how it ended. `place` says which of how many it was. */
export function putText({ changes, sent, reason }: BatchOutcome, place: string): string {
  const [first] = changes;
  const who = first ? oddVisible(principalText(first.principal)) : 'no one';
  const how = sent === 'answered' ? 'written' : visibleText(reason ?? 'not written');
  return `   ${place}: ${who}, ${counted(changes.length, 'row')}: ${how}`;
}

/** One step of a run; null for a step that `FirstRound` prints itself. */
export function stepText(event: RunEvent): string | null {
  switch (event.kind) {
    case 'canary':
      return `   one PUT first, alone, to ${oddVisible(principalText(event.principal))}: does it keep the rows that it does not name?`;
    case 'batch-ended':
      return putText(event.outcome, `${event.done} of ${event.total}`);
    case 'confirming':
      return `   read ${event.attempt} of at most ${event.attemptsMost}`;
    case 'trying-again':
      return `   trying ${counted(event.changes, 'change')} again`;
    default:
      return null;
  }
}

/** Lines to copy that make grantd do something, with a user and a row of this policy. */
export function hints(seen: PlannedRun, policyPath: string, url: string, paint: Paint): string {
  const example = exampleRow(seen);
  return [
    'Watching the policy and the account. Now it is your turn:',
    '',
    `   Edit ${visibleText(policyPath)} and save it: grantd applies the change, or says what is wrong with it.`,
    ...(example === null ? [] : accountHints(example, seen, url, paint)),
    '',
    'Ctrl-C ends the demo.',
    '',
  ].join('\n');
}

interface ExampleRow {
  readonly who: string;
  readonly type: string;
  readonly id: number;
}

function accountHints(
  { who, type, id }: ExampleRow,
  { actual, desired }: PlannedRun,
  url: string,
  paint: Paint,
): readonly string[] {
  const post = (act: object) =>
    commandLines('     ', `curl -s ${url}/_sim/rows -d ${shellWord(JSON.stringify(act))}`, paint);
  const makeAdmin = post({ act: 'set-row', who, type: 'account', id: actual.account, level: LEVEL.admin });
  return [
    '',
    '   Or change the account yourself, in another terminal. Remove a row:',
    ...post({ act: 'remove-row', who, type, id }),
    ...(desired.mode === 'authoritative' ? ['   or make someone an account admin:', ...makeAdmin] : []),
  ];
}

/** A row of a user that a running grant declares and that the account has. */
function exampleRow({ desired }: PlannedRun): ExampleRow | null {
  for (const { access, running, excluded, isProtected } of desired.subjects) {
    if (access.principal.kind !== 'user' || excluded !== null || isProtected) continue;
    const declared = running.flatMap(({ bound }) => bound.rows).map(({ node }) => node);
    const row = access.rows.find(
      ({ type, id }) =>
        (type === 'project' || type === 'inbox') && declared.some((node) => node.type === type && node.id === id),
    );
    if (row) return { who: access.principal.email, type: row.type, id: row.id };
  }
  return null;
}
