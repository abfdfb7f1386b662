import { ACCOUNT, accessOf, emailOf, meantOf, OWN_TOKEN, policyOf, seedOf } from './team.mjs';

const [LEA, LEO, ANN, BEN, GUS, IDA] = ['lea', 'leo', 'ann', 'ben', 'gus', 'ida'].map(emailOf);
const [NEL, ZOE] = ['nel', 'zoe'].map(emailOf);
const LIST = { method: 'GET', path: { regexp: 'account_accesses$' } };
const TREE = { method: 'GET', path: 'permissions/resources' };
const PUT = { method: 'PUT' };
/** What the two account admins hold. */
const AS_BEFORE = { [LEA]: { [`account:${ACCOUNT}`]: 100 }, [LEO]: { [`account:${ACCOUNT}`]: 100 } };

/**
 * What goes wrong: each on a fresh account whose policy means three people to change. `meant` is the right end where it is
 * another one, `meantLater` that of a second run; `mustName` who has to be told of though nothing is to be changed. `unavoidable` says
 * why no tool can do better. `isControl` marks what every tool must get right, `quick` what the quick run takes.
 */
export const SCENARIOS = [
  { name: 'nothing goes wrong', isControl: true, quick: true },
  { name: 'the access list comes back empty', faults: [always({ kind: 'emptied', match: LIST })], quick: true },
  { name: 'the access list is cut off half-way', faults: [always({ kind: 'truncated', match: LIST })] },
  { name: 'the access list is a page of HTML', faults: [always({ kind: 'html', match: LIST })] },
  { name: 'the resource tree comes back empty', faults: [always({ kind: 'emptied', match: TREE })] },
  { name: 'a PUT answers 200 and writes nothing', faults: [{ kind: 'ignored', match: putOf(GUS) }], quick: true },
  {
    name: 'a PUT answers 200 and writes nothing, every time',
    faults: [always({ kind: 'ignored', match: putOf(GUS) })],
  },
  { name: 'a PUT of three rows writes only one', faults: [{ kind: 'partial', match: putOf(IDA) }] },
  {
    name: 'a PUT answers HTML and writes nothing',
    faults: [{ kind: 'html', strike: 'before', match: putOf(GUS) }],
  },
  {
    name: '429 with Retry-After: 1, twice',
    faults: [{ kind: 'status', status: 429, retryAfter: 1, times: 2, match: PUT }],
  },
  { name: '500 after the write', faults: [{ kind: 'status', status: 500, strike: 'after', match: putOf(GUS) }] },
  { name: '500 before the write', faults: [{ kind: 'status', status: 500, match: putOf(GUS) }] },
  {
    name: 'the connection breaks during the answer to a PUT',
    faults: [{ kind: 'reset', strike: 'midway', match: putOf(GUS) }],
  },
  { name: 'the connection breaks before a PUT takes effect', faults: [{ kind: 'reset', match: putOf(GUS) }] },
  {
    name: 'two lists after each PUT are stale',
    faults: [always({ kind: 'stale', reads: 2, match: PUT })],
  },
  { name: 'a project was renamed', seed: { webName: 'Website' } },
  { name: 'a second project of the same name, listed after the first', seed: { twin: 'after' }, quick: true },
  { name: 'a second project of the same name, listed before the first', seed: { twin: 'before' } },
  {
    name: 'someone makes Ben account admin before the write',
    ...writer({ act: 'set-row', who: BEN, type: 'account', id: ACCOUNT, level: 100 }),
  },
  {
    name: 'policy and someone else each remove an admin: before the first PUT',
    ...dropsOneOfTwo(PUT),
  },
  {
    name: 'policy and someone else each remove an admin: right before that PUT',
    ...dropsOneOfTwo(putOf(LEO)),
    unavoidable: 'no tool can avoid it: the API has no transactions',
  },
  { name: 'the policy file is empty', text: '', meant: 'before' },
  {
    name: 'a policy with unlisted: revoke is cut off, and still YAML',
    policy: { unlisted: 'revoke' },
    cutBefore: '  - { to: group:web',
    meant: 'before',
  },
  {
    name: 'a policy with unlisted: revoke has no grants',
    policy: { unlisted: 'revoke' },
    cutTo: 'grants: []\npaused: false\n',
    meant: 'before',
  },
  { name: 'a merge empties a group of six', policy: { web: [] }, quick: true },
  {
    name: 'the policy removes both account admins',
    policy: { leads: [], more: [viewerOfWeb(LEA), viewerOfWeb(LEO)] },
    meant: AS_BEFORE,
  },
  {
    name: "the policy lowers the tool's own token",
    policy: {
      tokens: `{ ${OWN_TOKEN.name}: { access: ${OWN_TOKEN.access}, token: ${OWN_TOKEN.id} } }`,
      more: [viewerOfWeb(`token:${OWN_TOKEN.name}`)],
    },
    mustName: [OWN_TOKEN.name],
  },
  {
    name: 'a grant has ended',
    seed: { held: { [NEL]: { 'project:1': 10 } } },
    policy: { more: [viewerOfWeb(NEL, ', until: 2026-01-31')] },
    meant: { [NEL]: {} },
  },
  {
    name: 'an unlisted principal has access',
    seed: { held: { [ZOE]: { 'project:2': 100 } } },
    mustName: [ZOE],
    quick: true,
  },
  {
    name: 'someone has level 50, which no API call can grant',
    seed: { held: { [ANN]: { 'project:1': 50, 'inbox:11': 100 } } },
    mustName: [ANN],
  },
];

/** The seed, the text and what is meant of a scenario. */
export function setOf({ seed = {}, policy = {}, text, cutBefore, cutTo, meant = {}, meantLater = meant }) {
  const whole = policyOf(policy);
  const cut = cutBefore === undefined ? whole : whole.slice(0, whole.indexOf(cutBefore));
  const said = cutTo === undefined ? cut : whole.slice(0, whole.indexOf('grants:')) + cutTo;
  return {
    seed: seedOf(seed),
    text: text ?? said,
    meant: entitlementsOf(meant),
    meantLater: entitlementsOf(meantLater),
  };
}

/** Nothing is meant to change, or what the policy means but for some. */
function entitlementsOf(meant) {
  return meant === 'before' ? new Map() : meantOf(meant);
}

function always(fault) {
  return { ...fault, times: 'always' };
}

function putOf(email) {
  return { method: 'PUT', path: `account_accesses/${accessOf(email)}/` };
}

/** The owner and Lea are to remain; Lea is dropped by somebody else, so Leo must stay for now. A later run makes it as the policy says. */
function dropsOneOfTwo(match) {
  return {
    policy: { leads: ['lea'], more: [viewerOfWeb(LEO)] },
    ...writer({ act: 'remove-row', who: LEA, type: 'account', id: ACCOUNT }, match),
    meant: { [LEO]: AS_BEFORE[LEO], [LEA]: {} },
    meantLater: { [LEO]: { 'project:1': 10 } },
  };
}

function writer(write, match = PUT) {
  const { who, type, id, level = 0 } = write;
  return {
    faults: [{ kind: 'second-writer', match, write }],
    byOthers: [{ who, type, id, level }],
  };
}

function viewerOfWeb(who, rest = '') {
  return `{ to: "${who}", resource: "project:Web", level: viewer${rest} }`;
}
