import { TARGETS } from './targets/targets.mjs';

/** Where the built code is, as the URL that V8 calls it by. */
export const DIST = new URL('../../dist/', import.meta.url).href;

/**
 * A target, ready to be tried with inputs.
 * @param {(path: string) => Promise<object>} load brings a module of grantd, such as `validate/validate-policy`
 */
export async function openTarget(name, load) {
  const target = TARGETS.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target "${name}"`);
  return { ...target, ...(await target.open(load)) };
}
