import { principalNameText } from '../../core/domain/account/principal.ts';
import type {
  ExplainedAccess,
  ExplainedGrant,
  ExplainedResource,
  Explanation,
  NameStatus,
} from '../../core/domain/answer/explanation.ts';
import type { GrantPhase } from '../../core/domain/policy/entitlement.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { alignColumns } from '../layout/columns.ts';
import type { Paint } from '../layout/paint.ts';
import { bounded } from '../layout/section.ts';
import { counted, lineText, pathText, principalWords } from '../words/phrase.ts';
import { UNMANAGEABLE_REASONS } from '../words/reason-words.ts';
import { dispositionLines } from './disposition-lines.ts';
import { reachText, reasonLines } from './reach-text.ts';

/** The answer to "why" for a terminal: how the name stands, its grants as written, and then what each access comes down to. */
export function renderExplanation(explanation: Explanation, paint: Paint): string {
  const sections = [
    openingLines(explanation, paint),
    grantsSection(explanation, paint),
    ...accountSections(explanation, paint),
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const STATUSES: Readonly<Record<NameStatus, string>> = {
  named: 'named by the policy',
  upcoming: 'upcoming: only named in what lies ahead',
  'not-in-policy': 'not in the policy',
};

function openingLines(explanation: Explanation, paint: Paint): readonly string[] {
  const { name, asked, account, now, status, isProtected, ignoredBy, ends } = explanation;
  const on = asked === null ? '' : ` on ${visibleText(asked)}`;
  const who = paint.strong(`${visibleText(principalNameText(name))}${on}`);
  return [
    `${who}, account ${account}, at ${instantText(now)}: ${STATUSES[status]}`,
    ...(isProtected ? ['  protected: never lowered or removed'] : []),
    ...(ignoredBy === null ? [] : [`  ignored: never touched (${lineText(ignoredBy)})`]),
    ...(ends === null ? [] : [`  ends ${visibleText(ends.end.text)} (${lineText(ends.at)})`]),
  ];
}

const PHASES: Readonly<Record<GrantPhase, string>> = {
  running: 'runs',
  ahead: 'upcoming',
  ended: 'ended',
  never: 'never runs',
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
    ...gives.map(({ resource, level, covers }) => `    ${perhaps(covers)}${level} on ${visibleText(resource)}`),
    ...except.map(({ resource, covers }) => `    ${perhaps(covers)}except ${visibleText(resource)}`),
  ];
}

function perhaps(covers: string): string {
  return covers === 'certain' ? '' : 'perhaps ';
}

function accountSections(explanation: Explanation, paint: Paint): readonly (readonly string[])[] {
  const { accesses, asked, isFound, status } = explanation;
  if (accesses === null) return [['No account was looked at: this is what the policy says.']];
  if (asked !== null && !isFound) return [[paint.warn(`The account shows no ${visibleText(asked)}.`)]];
  if (accesses.length === 0) return [[paint.warn('The account does not have this name.')]];
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
    ...(excluded === null ? [] : [`  ${paint.warn(`never written: ${UNMANAGEABLE_REASONS[excluded].cause}`)}`]),
    ...(resources.length === 0 ? ['  holds nothing, and nothing is entitled'] : []),
    ...bounded(resources, (shown) => resourceLines(shown, status, paint)),
  ];
}

/** `=` where the two levels are equal, `≠` where they are not; below it why, and what the plan says. */
function resourceLines(resources: readonly ExplainedResource[], status: NameStatus, paint: Paint): readonly string[] {
  const rows = alignColumns(
    resources.map(({ resource, entitled, actual }) => {
      const isEqual = entitled.level === actual.level;
      return [
        {
          text: `${isEqual ? '=' : '≠'} ${visibleText(resource.label)}`,
          paint: isEqual ? paint.strong : paint.warn,
        },
        { text: `entitled ${reachText(entitled, resource)}` },
        { text: `holds ${reachText(actual, resource)}` },
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
