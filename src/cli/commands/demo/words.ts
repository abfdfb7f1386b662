import { LEVEL } from '../../../core/domain/account/access-level.ts';
import { principalText } from '../../../core/domain/account/principal.ts';
import type { Policy } from '../../../core/domain/policy/policy.ts';
import type { BatchOutcome, RunEvent } from '../../../core/domain/run/run-result.ts';
import { visibleText } from '../../../core/domain/text/text.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import type { PlannedRun } from '../../../run/reconcile/make-plan.ts';
import type { Simulator } from '../../../simulator/start-simulator.ts';

/** What the demo says first: what grantd is, and where it is. */
export function introduction(simulator: Simulator, seedPath: string, paint: Paint): string {
  const { id, accesses, resources } = simulator.state();
  return [
    'grantd keeps the permissions of a Mailtrap account equal to a policy that lives in git: it shows what differs and',
    'why, writes just that, and reads the account back. Here it does so on a simulated account: nothing leaves this',
    'machine, and no real account is touched.',
    '',
    paint.strong('1. The account'),
    `   ${id}, simulated at ${simulator.url}: ${accesses.length} members and tokens, ${resources.length} resources`,
    `   (from ${visibleText(seedPath)})`,
    '',
  ].join('\n');
}

/** What a policy says, in numbers. */
export function policySummary({ file, mode, grants, groups, roles }: Policy): string {
  const counts = [counted(grants.length, 'grant'), counted(groups.length, 'group'), counted(roles.length, 'role')];
  return `${visibleText(file)} is valid: ${counts.join(', ')}, mode ${mode}`;
}

/** One PUT: whose, how many rows, and how it ended. `place` says which of how many it was. */
export function putText({ changes, sent, reason }: BatchOutcome, place: string): string {
  const [first] = changes;
  const who = first ? visibleText(principalText(first.principal)) : 'nobody';
  const how = sent === 'answered' ? 'written' : visibleText(reason ?? 'not written');
  return `   ${place}: ${who}, ${counted(changes.length, 'row')}: ${how}`;
}

/** One step of a run, for whoever watches; null for one that is told elsewhere. */
export function stepText(event: RunEvent): string | null {
  switch (event.kind) {
    case 'batch-ended':
      return putText(event.outcome, `${event.done} of ${event.total}`);
    case 'confirming':
      return `   look ${event.attempt} of at most ${event.attemptsMost}`;
    case 'trying-again':
      return `   trying ${counted(event.changes, 'change')} again`;
    default:
      return null;
  }
}

/** Lines to copy that make grantd do something: fitted to whom the policy names and what they hold. */
export function hints(seen: PlannedRun, policyPath: string, url: string): string {
  const example = exampleRow(seen);
  return [
    'Watching the policy and the account. Now it is your turn:',
    '',
    `   Edit ${visibleText(policyPath)} and save it: grantd carries the change out, or says what is wrong with it.`,
    ...(example === null ? [] : behindItsBack(example, seen, url)),
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

function behindItsBack({ who, type, id }: ExampleRow, { actual, desired }: PlannedRun, url: string): readonly string[] {
  const post = (act: object) => `     curl -s ${url}/_sim/rows -d '${JSON.stringify(act)}'`;
  const makeAdmin = post({ act: 'set-row', who, type: 'account', id: actual.account, level: LEVEL.admin });
  return [
    '',
    '   Or change the account behind its back, in another terminal. Take a row away:',
    post({ act: 'remove-row', who, type, id }),
    ...(desired.mode === 'authoritative' ? ['   or make somebody an account admin:', makeAdmin] : []),
  ];
}

/** A row of a user that a running grant declares and that is in place. */
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
