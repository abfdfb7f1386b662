import { demand } from '../finding.mjs';
import { ACCOUNT, canonical, demandVisible, parseJson } from './world.mjs';

/** What grantd remembers from run to run. */
export const stateTarget = {
  name: 'state',
  share: 26,
  says: 'a state file: believed whole, or lost whole',
  shape: 'json',
  open: async (load) => {
    const [{ readMemory }, { encodeMemory }] = await Promise.all([
      load('adapters/state/read-memory'),
      load('adapters/state/memory-json'),
    ]);
    return { check: (bytes) => check(bytes.toString('utf8'), { readMemory, encodeMemory }) };
  },
};

function check(text, { readMemory, encodeMemory }) {
  const read = readMemory(text, ACCOUNT);
  demand('memory' in read !== 'fault' in read, 'a state is believed, or it is lost', text);
  if ('fault' in read) {
    demand(typeof read.fault === 'string' && read.fault !== '', 'what is lost has a reason', text);
    demandVisible(read.fault, 'the reason is safe to print');
    return;
  }
  const said = parseJson(text);
  const kept = encodeMemory(read.memory);
  demand(
    canonical(JSON.parse(kept)) === canonical(inTodaysForm(said)),
    'what is believed is all that the file says',
    text,
  );
  demand(read.memory.account === ACCOUNT, 'the state of another account is not believed', text);
  const again = readMemory(kept, ACCOUNT);
  demand('memory' in again && encodeMemory(again.memory) === kept, 'what is kept is read as the same', kept);
}

/** What 0.1.0 did not write, as grantd writes it where nothing is remembered. */
const LATER = {
  superseded: [],
  spent: [],
  staying: [],
  knownEnds: [],
  remembered: { all: false, settledBy: [], accesses: '' },
  puts: { proofs: [], open: [] },
};

/** What a file says, as grantd writes it today: of the changes of 0.1.0 those that are contested are kept. */
function inTodaysForm({ repeated = [], written, begun, ...said }) {
  const contested = repeated
    .filter((one) => one.contestedSince !== null)
    .map(({ runs: _, ...one }) => ({ ...one, writtenAt: [] }));
  const kept = (written ?? contested).filter((one) => one.writtenAt.length > 0 || one.contestedSince !== null);
  return { ...LATER, ...said, begun: begun.map(unfinished), written: kept };
}

/** What is not done is not marked as such. */
function unfinished({ changes, ...part }) {
  return { ...part, changes: changes.map(({ isDone, ...change }) => (isDone ? { ...change, isDone } : change)) };
}
