import { writtenName } from '../../core/domain/account/principal.ts';
import type {
  ExplainedAccess,
  ExplainedGrant,
  ExplainedResource,
  Explanation,
  NameStatus,
} from '../../core/domain/answer/explanation.ts';
import type { GrantPhase } from '../../core/domain/policy/entitlement.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded } from '../layout/text.ts';
import { lineText, pathText, principalWords } from '../words/phrase.ts';
import { UNMANAGEABLE_WORDS } from '../words/reason-words.ts';
import { dispositionLines, reachText, reasonLines } from './lines.ts';

/** The answer of `grantd explain` for a terminal: how the policy names someone, their grants, then each account access. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const sections = [
    openingLines(explanation, paint),
    grantsSection(explanation, paint),
    ...accountSections(explanation, paint),
  ].filter((lines) => lines.length > 0);
  return `${fitText(sections.map((lines) => lines.join('\n')).join('\n\n'), paint)}\n`;
}

const STATUSES: Readonly<Record<NameStatus, string>> = {
  named: 'named by the policy',
  upcoming: 'upcoming: named only by grants that have not begun, and unlisted until then',
  'not-in-policy': 'not in the policy',
};

function openingLines(explanation: Explanation, paint: Paint): readonly string[] {
  const { name, asked, account, now, status, isProtected, ignoredBy, observedBy, ends } = explanation;
  const on = asked === null ? '' : ` on ${visibleText(asked)}`;
  const who = paint.strong(`${oddVisible(writtenName(name))}${on}`);
  return [
    `${who}, account ${account}, at ${instantText(now)}: ${STATUSES[status]}`,
    ...(isProtected ? ['  protected: never lowered or removed'] : []),
    ...(ignoredBy === null ? [] : [`  ignored: never touched (${lineText(ignoredBy)})`]),
    ...(observedBy === null ? [] : [`  observed: planned, never written (${lineText(observedBy)})`]),
    ...(ends === null ? [] : [`  ends ${visibleText(ends.end.text)} (${lineText(ends.at)})`]),
  ];
}

const PHASES: Readonly<Record<GrantPhase, string>> = {
  running: 'in force',
  ahead: 'upcoming',
  ended: 'ended',
  never: 'never in force',
};

function grantsSection({ grants, asked }: Explanation, paint: Paint): readonly string[] {
  if (grants.length === 0)
    return [asked === null ? 'No grant reaches this name.' : 'No grant reaches this name there.'];
  const lines = bounded(grants, (shown) => shown.flatMap((grant) => grantLines(grant, paint)));
  return [paint.strong('Grants, as written'), ...lines];
}

function grantLines(grant: ExplainedGrant, paint: Paint): readonly string[] {
  const { phase, groups, gives, except, from, until, endedBy, otherPaths, reason } = grant;
  const role = gives.find((gift) => gift.role !== null)?.role ?? null;
  const path = pathText(groups, role) || 'a grant';
  const details = [
    `${path} (${lineText(grant.grant)})`,
    ...(reason === null ? [] : [visibleText(reason)]),
    ...(from === null ? [] : [`from ${visibleText(from.text)}`]),
    ...(until === null ? [] : [`until ${visibleText(until.text)}`]),
    ...(endedBy === null ? [] : [`by \`ends\` (${lineText(endedBy)})`]),
    ...(otherPaths > 0 ? [`and ${counted(otherPaths, 'other way')}`] : []),
  ].join(', ');
  const colour = phase === 'running' ? paint.gain : paint.faint;
  return [
    `  ${colour(PHASES[phase])}: ${paint.faint(details)}`,
    ...gives.map(({ resource, level, covers }) => `    ${perhaps(covers)}${level} on ${oddVisible(resource)}`),
    ...except.map(({ resource, covers }) => `    ${perhaps(covers)}except ${oddVisible(resource)}`),
  ];
}

function perhaps(covers: string): string {
  return covers === 'certain' ? '' : 'perhaps ';
}

function accountSections(explanation: Explanation, paint: Paint): readonly (readonly string[])[] {
  const { accesses, asked, isFound, status } = explanation;
  if (accesses === null) return [['This is what the policy says: no account was read.']];
  if (asked !== null && !isFound) return [[paint.warn(`The account shows no resource ${visibleText(asked)}.`)]];
  if (accesses.length === 0) return [[paint.warn('No user, invite or token of the account has this name.')]];
  return accesses.map((access) => accessLines(access, status, paint));
}

function accessLines(
  { principal, access, excluded, resources }: ExplainedAccess,
  status: NameStatus,
  paint: Paint,
): readonly string[] {
  const id = access === null ? 'no known access id' : `access ${access}`;
  return [
    `${paint.strong(`Access of ${principalWords(principal)}`)} ${paint.faint(`(${id})`)}`,
    ...(excluded === null ? [] : [`  ${paint.warn(`grantd never changes it: ${UNMANAGEABLE_WORDS[excluded].cause}`)}`]),
    ...(resources.length === 0 ? ['  has no access, and the policy grants none'] : []),
    ...bounded(resources, (shown) => resourceLines(shown, status, paint)),
  ];
}

/** `=` if the two levels are equal, else `≠`; below it the reasons, and what grantd plans. */
function resourceLines(resources: readonly ExplainedResource[], status: NameStatus, paint: Paint): readonly string[] {
  const rows = alignColumns(
    resources.map(({ resource, entitled, actual }) => {
      const isEqual = entitled.level === actual.level;
      return [
        {
          text: `${isEqual ? '=' : '≠'} ${oddVisible(resource.label)}`,
          paint: isEqual ? paint.strong : paint.warn,
        },
        { text: `entitled ${reachText(entitled, resource)}` },
        { text: `actual ${reachText(actual, resource)}` },
      ];
    }),
    '  ',
  );
  return resources.flatMap((one, index) => [
    ...rows.slice(index, index + 1),
    ...reasonLines(one.reasons, one.resource).map((line) => `      ${paint.faint(line)}`),
    ...dispositionLines(one, status).map((line) => `      ${line}`),
  ]);
}
