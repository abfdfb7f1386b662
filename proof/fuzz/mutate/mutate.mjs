import { BYTE_MUTATIONS } from './bytes.mjs';
import { JSON_MUTATIONS } from './json.mjs';
import { textMutations } from './text.mjs';

/** Longer inputs take longer and find little that shorter ones do not, so nearly all inputs are no longer. */
export const SMALL_BYTES_MOST = 64 * 1024;

/** grantd refuses a longer policy unread. */
export const LARGE_BYTES_MOST = 2 ** 20;

/** Shares of the kinds of change, by what an input is. */
const SHARES = {
  text: { own: 0, json: 0, text: 0.75 },
  json: { own: 0, json: 0.65, text: 0.15 },
  own: { own: 0.5, json: 0, text: 0.25 },
};

/**
 * Makes a mutator for inputs of one kind. `own` are changes that only this kind knows.
 * @param {{ shape: 'text' | 'json' | 'own', words?: readonly string[], own?: readonly Function[] }} kind
 */
export function mutatorOf({ shape, words = [''], own = [] }) {
  const shares = SHARES[shape];
  const texts = textMutations(words);
  return (bytes, random, donor, most = SMALL_BYTES_MOST) => {
    let changed = bytes;
    do {
      const luck = random.next();
      const kind = listFor(luck);
      changed = random.pick(kind)(changed, random, donor).subarray(0, most);
    } while (random.isLucky(0.45));
    return changed;
  };

  function listFor(luck) {
    if (luck < shares.own) return own;
    if (luck < shares.own + shares.json) return JSON_MUTATIONS;
    if (luck < shares.own + shares.json + shares.text) return texts;
    return BYTE_MUTATIONS;
  }
}
