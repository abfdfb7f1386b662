// What became of an account, judged from its state before and after a run and from what somebody meant. Pure.

const ACCOUNT_ADMIN = 100;

/**
 * Who lost or gained what neither the state before, nor what was meant, nor somebody else's write explains; who is not as was
 * meant; and whether the run reported everyone whom it should have. `asides` is what a tool printed besides its successes.
 */
export function judge({ before, after, meant, byOthers = [], adminsAtLeast, mustName = [], exitCode, asides }) {
  const points = [`account:${after.id}`, ...after.resources.map(keyOf)];
  const levels = after.accesses.flatMap(({ who }) => points.map((point) => ({ who, ...levelsOf(who, point) })));
  const who = (picks) => [...new Set(levels.filter(picks).map((level) => level.who))];
  const lost = who(({ now, may }) => now < Math.min(...may));
  const gained = who(({ now, may }) => now > Math.max(...may));
  const undone = who(({ now, entitlement }) => now !== entitlement);
  const concerned = [...undone, ...mustName];
  return {
    lost,
    gained,
    undone,
    isLockedOut: countAdmins(after) < Math.min(adminsAtLeast, countAdmins(before)),
    exitCode,
    isReported: exitCode !== 0 || concerned.every((name) => asides.includes(name)),
  };

  function levelsOf(name, point) {
    const was = rowsOf(before, name);
    const others = byOthers.filter((row) => row.who === name);
    const otherwise = [...was.filter((row) => !others.some((other) => keyOf(other) === keyOf(row))), ...others];
    const level = (rows) => levelOn(after, rows, point);
    const entitlement = level(meant.get(name) ?? was);
    return { now: level(rowsOf(after, name)), entitlement, may: [level(was), entitlement, level(otherwise)] };
  }
}

/**
 * `harm`: somebody lost or gained what they should not have, or too few account admins are left. `silent`: not as meant, and
 * nothing says so. `reported`: not as meant, and it says so. `failed`: as meant, and it says that it failed. `right`: as meant.
 */
export function classOf({ lost, gained, undone, isLockedOut, isReported, exitCode }) {
  if (lost.length > 0 || gained.length > 0 || isLockedOut) return 'harm';
  if (!isReported) return 'silent';
  if (undone.length > 0) return 'reported';
  return exitCode === 0 ? 'right' : 'failed';
}

function rowsOf({ accesses }, name) {
  return accesses.find(({ who }) => who === name)?.rows ?? [];
}

function keyOf({ type, id }) {
  return `${type}:${id}`;
}

/** The highest of the rows on a resource, what lies above it, and the account. */
function levelOn({ id, resources }, rows, point) {
  const above = new Map(resources.map((resource) => [keyOf(resource), resource.under]));
  const path = [`account:${id}`];
  for (let at = point; at; at = above.get(at)) path.push(at);
  return Math.max(0, ...rows.filter((row) => path.includes(keyOf(row))).map(({ level }) => level));
}

function countAdmins(state) {
  const levelOfAccount = ({ rows }) => levelOn(state, rows, `account:${state.id}`);
  return state.accesses.filter((access) => access.kind === 'User' && levelOfAccount(access) >= ACCOUNT_ADMIN).length;
}
