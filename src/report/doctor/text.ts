import { counted, visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { type CheckResult, FINDING_STATUSES, type FindingStatus } from './json.ts';

const STATUS_WIDTH = Math.max(...FINDING_STATUSES.map((status) => status.length));

/** The results for a terminal, grouped by policy, then the counts. The results of one policy must be adjacent. */
export function renderDoctorText(results: readonly CheckResult[], paint: Paint): string {
  const width = Math.max(...results.map(({ check }) => check.length));
  const lines: string[] = [];
  for (const [index, result] of results.entries()) {
    if (result.policy !== results[index - 1]?.policy || index === 0) {
      lines.push(...(index === 0 ? [] : ['']), paint.strong(visibleText(result.policy ?? 'this machine')));
    }
    lines.push(`  ${statusText(result.status, paint)}  ${result.check.padEnd(width)}  ${visibleText(result.found)}`);
    if (result.remedy !== null) {
      lines.push(`${' '.repeat(STATUS_WIDTH + width + 6)}help: ${visibleText(result.remedy)}`);
    }
  }
  return [...lines, '', countText(results, paint), ''].join('\n');
}

function statusText(status: FindingStatus, paint: Paint): string {
  const padded = status.padEnd(STATUS_WIDTH);
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
