import { TOOLS } from './tools.mjs';

/** The ends of a scenario with all tools: grantd's, and that of both scripts, or of each if they differ. */
export function endCells(incidents) {
  const [grantd, ...scripts] = TOOLS.map((tool) => incidents.find((one) => one.tool === tool));
  const ends = scripts.map(verdictWords);
  const isSame = ends.every((end) => end === ends[0]);
  return [
    verdictWords(grantd),
    isSame ? ends[0] : scripts.map(({ tool }, index) => `${tool.name}: ${ends[index]}`).join('; '),
  ];
}

/** The end of a scenario, and that of a second run without the fault, unless that is right. */
export function verdictWords({ first, second }) {
  const [words, later] = [endWords(first), endWords(second)];
  if (second.class === 'right') return words;
  return words === later ? `${words}, stays` : `${words} → ${later}`;
}

function endWords(verdict) {
  const exit = verdict.exitCode === 0 ? '' : `, exit ${verdict.exitCode}`;
  const reported = verdict.isReported ? (exit === '' ? ', named' : exit) : ', **silent**';
  switch (verdict.class) {
    case 'right':
      return 'right';
    case 'failed':
      return `right${exit}`;
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
    ...(isLockedOut ? ['too few admins'] : []),
  ].join(', ');
}
