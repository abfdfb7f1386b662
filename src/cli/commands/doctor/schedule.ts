import type { CallContext } from '../../line/command.ts';
import { type DoctorFinding, fail, ok, warn } from './finding.ts';

const SLOTS_SHOWN = 3;

/** Summer time begins and ends at least this far apart, so that looking so often within a year finds it. */
const LOOK_EVERY_MS = 7 * 24 * 60 * 60 * 1000;
const LOOKS = 53;

/** The next slots as the daemon would meet them, and what the zone does to them. */
export async function checkSchedule({ settings, io }: CallContext): Promise<DoctorFinding> {
  const { schedule, timezone } = settings;
  const { createTask } = await import('node-cron');
  const task = createTask(schedule, () => {}, { timezone });
  try {
    const slots = task.getNextRuns(SLOTS_SHOWN).map((slot) => slotText(slot, timezone));
    const remarks = [...bothDays(schedule), ...summerTime(timezone, io.clock.now())];
    const found = [`${schedule} in ${timezone}: ${slots.join(', ')}`, ...remarks].join('; ');
    const isTooRare = slots.length === 0;
    return isTooRare ? fail(found, 'choose a schedule that has slots') : ok(found);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return warn(`${schedule} in ${timezone}: no slot could be found ahead`, 'choose a schedule that comes more often');
  } finally {
    await task.destroy();
  }
}

function slotText(slot: Date, timeZone: string): string {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(slot);
  return `${local} ${offsetOf(slot.getTime(), timeZone)}`;
}

/** Older ICUs, such as that of Node 20.19, leave out an offset that is none. */
function offsetOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return offset === 'GMT' ? 'GMT+00:00' : offset;
}

/** Elsewhere either would do; here it makes a schedule far rarer than it looks. */
function bothDays(schedule: string): readonly string[] {
  const [dayOfWeek = '*', , dayOfMonth = '*'] = schedule.trim().split(/\s+/).reverse();
  if (schedule.startsWith('@') || [dayOfWeek, dayOfMonth].some((field) => /^[*?]$/.test(field))) return [];
  return ['a day must fit day of month and day of week both'];
}

function summerTime(timeZone: string, now: number): readonly string[] {
  const offsets = new Set(Array.from({ length: LOOKS }, (_, week) => offsetOf(now + week * LOOK_EVERY_MS, timeZone)));
  if (offsets.size < 2) return [];
  return [
    `${timeZone} sets its clocks within the year: slots in the hour that comes twice are skipped the first time, slots in the hour that is left out do not come that day`,
  ];
}
