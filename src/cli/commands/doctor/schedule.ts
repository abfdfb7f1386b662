import type { CallContext } from '../../line/command.ts';
import { type DoctorFinding, fail, ok, warn } from './finding.ts';

const SLOTS_SHOWN = 3;

/** Summer time lasts longer than this, so looking this often within a year finds it. */
const LOOK_EVERY_MS = 7 * 24 * 60 * 60 * 1000;
const LOOKS = 53;

/** The next slots of the schedule, and what the time zone does to them. */
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
    return warn(`${schedule} in ${timezone}: grantd found no next slot`, 'choose a schedule that comes more often');
  } finally {
    await task.destroy();
  }
}

function slotText(slot: Date, timeZone: string): string {
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(slot);
  return `${local} ${offsetOf(slot.getTime(), timeZone)}`;
}

/** Older ICUs, such as that of Node 20.19, leave out an offset of zero. */
function offsetOf(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return offset === 'GMT' ? 'GMT+00:00' : offset;
}

/** Other cron tools need only one of the two to match; here the schedule runs far less often than it seems to. */
function bothDays(schedule: string): readonly string[] {
  const [dayOfWeek = '*', , dayOfMonth = '*'] = schedule.trim().split(/\s+/).reverse();
  if (schedule.startsWith('@') || [dayOfWeek, dayOfMonth].some((field) => /^[*?]$/.test(field))) return [];
  return ['a day must match both day of month and day of week'];
}

function summerTime(timeZone: string, now: number): readonly string[] {
  const offsets = new Set(Array.from({ length: LOOKS }, (_, week) => offsetOf(now + week * LOOK_EVERY_MS, timeZone)));
  if (offsets.size < 2) return [];
  return [
    `${timeZone} changes its clocks within the year: slots in the repeated hour are skipped the first time, and slots in the skipped hour do not run that day`,
  ];
}
