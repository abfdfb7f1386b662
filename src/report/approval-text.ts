import type { ApprovedBy } from '../domain/plan.ts';
import { placeText } from '../domain/problem.ts';
import { visibleText } from '../domain/text.ts';

/** Whose approval it is, and until when. */
export function approvalText(by: ApprovedBy): string {
  return by.kind === 'by-hand' ? '--approve' : `${visibleText(placeText(by.at))}, until ${by.until.text}`;
}
