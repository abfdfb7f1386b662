import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText, hangBelow, hasRoomBehind } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { type CheckResult, FINDING_STATUSES, type FindingStatus } from './json.ts';

const STATUS_WIDTH = Math.max(...FINDING_STATUSES.map((status) => status.length));

/** The results for a terminal, grouped by policy, then the counts. The results of one policy must be adjacent. */
export function renderDoctorText(results: readonly CheckResult[], paint: Paint): string {
  const lines: string[] = [];
  const width = Math.max(...results.map(({ check }) => check.length));
  for (const [index, result] of results.entries()) {
    if (result.policy !== results[index - 1]?.policy || index === 0) {
      lines.push(...(index === 0 ? [] : ['']), paint.strong(visibleText(result.policy ?? 'this machine')));
    }
    lines.push(...resultLines(result, width, paint));
  }
  return fitText([...lines, '', countText(results, paint), ''].join('\n'), paint);
}

/** Status, check and what was found, in columns if the output is wide enough; the remedy below what was found. */
function resultLines({ status, check, found, remedy }: CheckResult, width: number, paint: Paint): readonly string[] {
  const indent = STATUS_WIDTH + width + 6;
  const isWide = hasRoomBehind(indent, paint.columns);
  const head = isWide
    ? `  ${statusText(status, STATUS_WIDTH, paint)}  ${check.padEnd(width)}  `
    : `  ${statusText(status, 0, paint)}  ${check}  `;
  const help = `${' '.repeat(isWide ? indent : 6)}help: `;
  return [
    ...hangBelow(head, visibleText(found), paint),
    ...(remedy === null ? [] : hangBelow(help, visibleText(remedy), paint)),
  ];
}

function statusText(status: FindingStatus, width: number, paint: Paint): string {
  const padded = status.padEnd(width);
  if (status === 'fail') return paint.fail(padded);
  if (status === 'warn') return paint.warn(padded);
  return status === 'ok' ? paint.gain(padded) : paint.faint(padded);
}

function countText(results: readonly CheckResult[], paint: Paint): string {
  const count = (counts: FindingStatus) => results.filter(({ status }) => status === counts).length;
  const line = [
    `${count('ok')} ok`,
    counted(count('warn'), 'warning'),
    `${count('fail')} failed`,
    `${count('unknown')} unknown`,
  ].join(', ');
  return count('fail') > 0 ? paint.fail(line) : paint.strong(line);
}
