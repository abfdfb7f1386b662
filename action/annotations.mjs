// @ts-check

/** GitHub shows ten of a kind for a step; some more are of use in the log. */
const ANNOTATIONS_MOST = 50;

/**
 * What `grantd validate --format json` tells.
 * @typedef {{ readonly code: string, readonly severity: 'error' | 'warning', readonly message: string, readonly remedy: string, readonly file: string, readonly line: number, readonly column: number }} ProblemJson
 * @typedef {{ readonly verdict: string, readonly who: string, readonly resource: string, readonly reason: string | null, readonly file: string, readonly line: number }} JudgedJson
 * @typedef {{ readonly problems: readonly ProblemJson[], readonly tests: readonly JudgedJson[], readonly never?: readonly JudgedJson[] }} ValidationJson
 */

/**
 * One workflow command for each problem, and for each test or invariant that failed.
 * @param {string} file
 * @param {ValidationJson} validation
 * @returns {readonly string[]}
 */
export function validationAnnotations(file, { problems, tests, never = [] }) {
  const failed = (/** @type {readonly JudgedJson[]} */ judged, /** @type {string} */ title) =>
    judged
      .filter(({ verdict }) => verdict === 'failed')
      .map(({ who, resource, reason, file: own, line }) =>
        annotation('error', { file: own, line: String(line), title }, `${who} on ${resource}: ${reason ?? 'failed'}`),
      );
  const all = [
    ...problems.map(({ severity, code, message, remedy, file: own, line, column }) =>
      annotation(
        severity,
        { file: own, line: String(line), col: String(column), title: code },
        `${message}\n${remedy}`,
      ),
    ),
    ...failed(tests, 'a test of the policy fails'),
    ...failed(never, 'never'),
  ];
  const left = all.length - ANNOTATIONS_MOST;
  if (left <= 0) return all;
  return [...all.slice(0, ANNOTATIONS_MOST), annotation('error', { file }, `${left} more: the job summary has them`)];
}

/**
 * A workflow command of GitHub. Its text can end neither the property nor the line, so that no text of a policy is
 * ever read as a command of its own.
 * @param {'error' | 'warning' | 'notice'} kind
 * @param {Readonly<Record<string, string>>} properties
 * @param {string} message
 */
export function annotation(kind, properties, message) {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${kind}${list.length === 0 ? '' : ` ${list.join(',')}`}::${escapeMessage(message)}`;
}

/** @param {string} text */
function escapeMessage(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** @param {string} text */
function escapeProperty(text) {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
