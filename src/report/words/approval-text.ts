import type { ApprovedBy } from '../../core/domain/plan/plan.ts';
import { placeText } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';

/** Whose approval it is, and until when. */
export function approvalText(by: ApprovedBy): string {
  return by.kind === 'by-hand' ? '--approve' : `${visibleText(placeText(by.at))}, until ${by.until.text}`;
}
