import { TOOLS } from './tools.mjs';

/** What became of a scenario, and after the arrow what a second run without the fault made of it, where that is another end. */
export function verdictWords({ first, second }) {
  const [words, later] = [endWords(first), endWords(second)];
  return words === later ? words : `${words} → ${later}`;
}

/** One line for each end in which somebody was harmed or left: which tools, and who. Tools that ended alike share a line. */
export function peopleLines(incidents) {
  const lines = new Map();
  for (const { scenario, tool, first } of incidents) {
    const disposition = dispositionWords(first);
    if (disposition === '') continue;
    const key = `${scenario.name}: ${disposition}`;
    lines.set(key, { scenario, disposition, tools: [...(lines.get(key)?.tools ?? []), tool.name] });
  }
  return [...lines.values()].map(({ scenario, disposition, tools }) => {
    const who = tools.length === TOOLS.length ? 'all' : tools.join(' and ');
    const why = scenario.unavoidable ? ` (${scenario.unavoidable})` : '';
    return `- ${scenario.name}${why}. *${who}*: ${disposition}`;
  });
}

function endWords(verdict) {
  const exit = verdict.exitCode === 0 ? '' : `, exit ${verdict.exitCode}`;
  const told = verdict.isTold ? (exit === '' ? ', told by name' : exit) : ', **not told**';
  switch (verdict.class) {
    case 'right':
      return 'as meant';
    case 'alarm':
      return `as meant${exit}`;
    case 'harm':
      return `**harm**: ${harmWords(verdict)}${told}`;
    default:
      return `${verdict.undone.length} left${told}`;
  }
}

function harmWords({ lost, gained, isLockedOut }) {
  return [
    ...(lost.length > 0 ? [`${lost.length} lost`] : []),
    ...(gained.length > 0 ? [`${gained.length} gained`] : []),
    ...(isLockedOut ? ['too few account admins'] : []),
  ].join(', ');
}

function dispositionWords({ lost, gained, undone, isLockedOut }) {
  const left = undone.filter((who) => !lost.includes(who) && !gained.includes(who));
  return [
    ...(lost.length > 0 ? [`lost access that they should have: ${namesOf(lost)}`] : []),
    ...(gained.length > 0 ? [`got access that they should not have: ${namesOf(gained)}`] : []),
    ...(isLockedOut ? ['fewer account admins and owners remain than the policy demands'] : []),
    ...(left.length > 0 ? [`not yet as meant, and no worse than before: ${namesOf(left)}`] : []),
  ].join('; ');
}

function namesOf(people) {
  return people.map((who) => who.split('@')[0]).join(', ');
}
