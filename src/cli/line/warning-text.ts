import { visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../../report/layout/paint.ts';

/** Something that a person should know and that stops nothing. */
export function warningText(message: string, remedy: string, paint: Paint): string {
  return `${paint.warn('warning:')} ${visibleText(message)}\n  help: ${visibleText(remedy)}\n`;
}
