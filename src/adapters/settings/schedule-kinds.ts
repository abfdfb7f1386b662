import { didYouMean } from '../../core/document/suggest.ts';
import { counted } from '../../core/domain/text/text.ts';
import { type Kind, type Misfit, shown } from './kinds.ts';

/** The name of a time zone in the IANA database, as far as this Node knows it. Offsets are refused: they ignore summer time. */
export function timeZone(): Kind<string> {
  return {
    placeholder: 'ZONE',
    schema: { type: 'string', minLength: 1 },
    read: (text) => {
      if (/^[A-Za-z]/.test(text) && isKnown(text)) return { value: text };
      return { misfit: `${shown(text)} is not a time zone that this Node knows`, remedy: remedyFor(text) };
    },
  };
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Suggests zones with the same first letter, because a suggestion compares a limited number of words. */
function remedyFor(text: string): string {
  const first = text.slice(0, 1).toLowerCase();
  const near = Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().startsWith(first));
  return didYouMean(text, near, 'write a name of the IANA database, for example Etc/UTC or Europe/Berlin');
}

/** One field of a schedule: its range, and the words for its numbers, starting at `min`. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59, words: [] },
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 7, words: DAYS },
];

/** Far longer than any schedule. Longer text is refused unread. */
const CHARACTERS_MAX = 200;

const REMEDY = 'write minute, hour, day of month, month, day of week, for example */15 * * * *';

/**
 * A cron expression with five fields, six with seconds in front, or a nickname such as `@hourly`. node-cron, which runs it,
 * treats a step of 70 minutes as one hour, and lets a range from 5 to 1 wrap around. Both are likely mistakes, so grantd
 * refuses them here. node-cron judges the rest; it is loaded only if a schedule is written.
 */
export function cronExpression(): Kind<string> {
  return {
    placeholder: 'CRON',
    schema: { type: 'string', minLength: 1 },
    read: (text) => misfitOf(text) ?? { value: text },
    examine: askNodeCron,
  };
}

function misfitOf(text: string): Misfit | null {
  if (text.length > CHARACTERS_MAX) return { misfit: `${shown(text)} is not a schedule`, remedy: REMEDY };
  if (text.startsWith('@')) return null;
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    return { misfit: `${shown(text)} has ${counted(parts.length, 'field')}, not 5 or 6`, remedy: REMEDY };
  }
  const fields = FIELDS.slice(-parts.length);
  for (const [index, field] of fields.entries()) {
    for (const item of (parts[index] ?? '').split(',')) {
      const misfit = itemMisfit(item, field);
      if (misfit) return misfit;
    }
  }
  return null;
}

/** Only mistakes that node-cron would accept. It reports an item that is no range or step by itself. */
function itemMisfit(item: string, field: Field): Misfit | null {
  const [range = '', step] = item.split('/');
  const [from, to] = range === '*' ? [field.min, field.name === 'day of week' ? 6 : field.max] : boundsOf(range, field);
  if (from === null || to === null) return null;
  if (from > to) {
    return {
      misfit: `counts backwards in the field ${field.name}: ${shown(range)}`,
      remedy: `write two ranges with a comma: ${range.split('-')[0]}-${lastOf(field)},${firstOf(field)}-${range.split('-')[1]}`,
    };
  }
  if (step === undefined || !/^[0-9]{1,9}$/.test(step) || Number(step) <= to - from) return null;
  return {
    misfit: `has a step in the field ${field.name} that is never reached: ${shown(item)}`,
    remedy: `write a step of ${Math.max(1, to - from)} at most, or just ${from}`,
  };
}

function boundsOf(range: string, field: Field): readonly [number | null, number | null] {
  const [from = '', to, ...more] = range.split('-');
  if (to === undefined || more.length > 0) return [null, null];
  const end = numberOf(to, field);
  // A week may end with Sunday, which then counts as 7.
  const isSunday = field.words === DAYS && /^sun/i.test(to);
  return [numberOf(from, field), isSunday ? 7 : end];
}

function numberOf(word: string, { words, min }: Field): number | null {
  if (/^[0-9]{1,4}$/.test(word)) return Number(word);
  const index = words.indexOf(word.slice(0, 3).toLowerCase());
  return index < 0 ? null : index + min;
}

function firstOf({ words, min }: Field): string {
  return words[0] ?? String(min);
}

function lastOf({ words, max }: Field): string {
  return words.at(-1) ?? String(max);
}

async function askNodeCron(text: string): Promise<Misfit | null> {
  const { createTask, validateDetailed } = await import('node-cron');
  const [error] = validateDetailed(text).errors;
  if (error) return { misfit: `${shown(text)} is not a schedule${whyNot(error)}`, remedy: REMEDY };
  const task = createTask(text, () => {});
  try {
    task.getNextRuns(1);
    return null;
  } catch {
    return { misfit: `${shown(text)} never occurs`, remedy: 'choose a day that exists in its months' };
  } finally {
    await task.destroy();
  }
}

function whyNot({ field, value }: { readonly field: string; readonly value?: string }): string {
  if (field === 'expression' || value === undefined) return '';
  const name = field.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return `: its ${name} cannot be ${shown(value)}`;
}
