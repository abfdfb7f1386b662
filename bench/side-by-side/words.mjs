import { TOOLS } from './tools.mjs';

/** The end of a scenario. If a second run without the fault ends differently, its end follows an arrow. */
export function verdictWords({ first, second }) {
  const [words, later] = [endWords(first), endWords(second)];
  return words === later ? words : `${words} → ${later}`;
}

/** One line for each end in which someone was harmed: which tools, and who. Tools that ended alike share a line. */
export function peopleLines(incidents) {
  const lines = new Map();
  for (const { scenario, tool, first } of incidents) {
    const harmed = harmedWords(first);
    if (harmed === '') continue;
    const key = `${scenario.name}: ${harmed}`;
    lines.set(key, { scenario, harmed, tools: [...(lines.get(key)?.tools ?? []), tool.name] });
  }
  return [...lines.values()].map(({ scenario, harmed, tools }) => {
    const who = tools.length === TOOLS.length ? 'all' : tools.join(' and ');
    const why = scenario.unavoidable ? ` (${scenario.unavoidable})` : '';
    return `- ${scenario.name}${why}. *${who}*: ${harmed}`;
  });
}

function endWords(verdict) {
  const exit = verdict.exitCode === 0 ? '' : `, exit ${verdict.exitCode}`;
  const reported = verdict.isReported ? (exit === '' ? ', reported by name' : exit) : ', **not reported**';
  switch (verdict.class) {
    case 'right':
      return 'as intended';
    case 'failed':
      return `as intended${exit}`;
    case 'harm':
      return `**harm**: ${harmWords(verdict)}${reported}`;
    default:
      return `${verdict.undone.length} left${reported}`;
  }
}

function harmWords({ lost, gained, isLockedOut }) {
  return [
    ...(lost.length > 0 ? [`${lost.length} lost`] : []),
    ...(gained.length > 0 ? [`${gained.length} gained`] : []),
    ...(isLockedOut ? ['too few account admins'] : []),
  ].join(', ');
}

function harmedWords({ lost, gained, isLockedOut }) {
  return [
    ...(lost.length > 0 ? [`lost access: ${namesOf(lost)}`] : []),
    ...(gained.length > 0 ? [`gained access: ${namesOf(gained)}`] : []),
    ...(isLockedOut ? ['too few account admins and owners'] : []),
  ].join('; ');
}

function namesOf(people) {
  return people.map((who) => who.split('@')[0]).join(', ');
}
