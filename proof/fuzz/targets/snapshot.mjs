import { demand } from '../finding.mjs';
import { demandSafePlan, demandVisible, openWorld, parseJson } from './world.mjs';

/** An account as a file. A pull request plans on one, and who can write it is not who can write the account. */
export const snapshotTarget = {
  name: 'snapshot',
  share: 8,
  says: 'a snapshot: the account that it says, or refused',
  shape: 'json',
  open: async (load) => {
    const { decodeSnapshot, encodeSnapshot } = await load('adapters/snapshot/snapshot');
    const { resolved, plan } = await openWorld(load);
    return { check: (bytes) => check(bytes.toString('utf8'), { decodeSnapshot, encodeSnapshot, resolved, plan }) };
  },
};

function check(text, { decodeSnapshot, encodeSnapshot, resolved, plan }) {
  const read = decodeSnapshot(text);
  if ('problems' in read) {
    demand(read.problems.length > 0, 'a snapshot that is refused has a problem', text);
    for (const problem of read.problems) demandVisible(problem, 'what is shown of problems is safe to print');
    return;
  }
  const { actual, takenAt } = read;
  const said = parseJson(text);
  demand(actual.accesses.length === said.accesses.length, 'every access of the file is there', text);
  demand(actual.account === said.account, 'it is of the account that the file says', text);
  const rowsSaid = said.accesses.reduce((sum, { rows }) => sum + rows.length, 0);
  const rowsRead = actual.accesses.reduce((sum, { rows }) => sum + rows.length, 0);
  demand(rowsSaid === rowsRead, 'every row of the file is there', text);
  const written = encodeSnapshot(actual, takenAt);
  const again = decodeSnapshot(written);
  demand(
    'actual' in again && encodeSnapshot(again.actual, again.takenAt) === written,
    'what is written is read as the same',
    written,
  );
  if (actual.account === resolved.policy.account) demandSafePlan(plan(resolved, actual), actual);
}
