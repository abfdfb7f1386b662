import type { HolderStatus, ResourceHolder, WhoHas } from '../../core/domain/answer/explanation.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns } from '../layout/text.ts';
import { principalWords } from '../words/phrase.ts';
import { dispositionHeads, reachText, reasonLines } from './lines.ts';

const STATUSES: Readonly<Record<HolderStatus, string>> = {
  named: 'named',
  upcoming: 'upcoming',
  exempt: 'protected or ignored',
  'not-in-policy': 'not in the policy',
};

/** The answer of `grantd who` for a terminal: everyone with access, the highest level first. Always complete. */
export function renderWho(resources: readonly WhoHas[], paint: Paint): string {
  if (resources.length === 0) return `${paint.warn('The account shows no such resource.')}\n`;
  return `${fitText(resources.map((one) => whoLines(one, paint).join('\n')).join('\n\n'), paint)}\n`;
}

function whoLines({ resource, holders, without }: WhoHas, paint: Paint): readonly string[] {
  const rows = alignColumns(
    holders.map((holder) => [
      { text: principalWords(holder.principal), paint: paint.strong },
      { text: `has ${reachText(holder.actual, resource)}` },
      { text: entitledText(holder, resource), paint: differs(holder) ? paint.warn : paint.faint },
    ]),
    '  ',
  );
  const others = `${without} ${without === 1 ? 'other has' : 'others have'} nothing here`;
  return [
    `${paint.strong(oddVisible(resource.label))}: ${holders.length} with access or an entitlement, ${others}`,
    ...holders.flatMap((holder, index) => [
      ...rows.slice(index, index + 1),
      ...reasonLines(holder.reasons, resource).map((line) => `      ${paint.faint(line)}`),
      ...dispositionHeads({ resource, dispositions: holder.dispositions }).map((line) => `      ${line}`),
    ]),
  ];
}

function entitledText({ entitled, status }: ResourceHolder, resource: WhoHas['resource']): string {
  return entitled === null ? STATUSES[status] : `entitled ${reachText(entitled, resource)}`;
}

function differs({ entitled, actual }: ResourceHolder): boolean {
  return entitled === null || entitled.level !== actual.level;
}
