const HEAD = `version: 1
account: 3229
mode: authoritative
unlisted: keep
protected: [owner@example.com]
limits: { revokes: { principals: 5, percent: 20 }, admins: 1 }
`;
const END = 'paused: false\n';

/**
 * Valid policies of nearly 1 MiB, or with nearly as much in them as a text of that size can hold. With their groups, roles and
 * patterns multiplied out they would be far larger. The account has a part of them.
 */
export const LARGE_POLICIES = [
  {
    name: 'a group of 10000 in 500 grants, each until another day',
    text: policy(
      `${group('half', people(5_000))}  staff: [group:half, ${people(4_999, 5_000)}]\n`,
      grants(500, 'group:staff', (index) => `, until: ${2027 + (index % 400)}-0${1 + (index % 9)}-10`),
    ),
  },
  { name: 'a group of 5000 in 5000 grants', text: policy(group('staff', people(5_000)), grants(5_000, 'group:staff')) },
  {
    name: '1000 groups in 20 layers',
    text: policy(
      layers(20, 50, 8),
      grants(2_000, (index) => `group:g0-${index % 50}`),
    ),
  },
  {
    name: '250 roles of 60 patterns in 2000 grants',
    text: policy(
      `${roles(250, 60)}${group('staff', people(5_000))}`,
      times(2_000, (index) => `  - { to: group:staff, role: r${index % 250} }\n`),
    ),
  },
  {
    name: '5000 patterns that match everything',
    text: policy(
      group('staff', people(5_000)),
      times(10, (index) => `  - { to: group:staff, resource: [${anything(500 * index, 500)}], level: viewer }\n`),
    ),
  },
  {
    name: 'a role of 500 names in 3000 grants, each with an exception',
    text: policy(
      `roles:\n  all:\n${times(500, (index) => `    - { resource: "project:P${index}", level: viewer }\n`)}${group('staff', people(5_000))}`,
      times(3_000, (index) => `  - { to: group:staff, role: all, except: "project:P${index % 500}" }\n`),
    ),
  },
  {
    name: '2000 people, each with an `ends`, in 400 grants',
    text: policy(
      `${group('staff', people(2_000))}ends:\n${times(2_000, (index) => `  p${index}@example.com: ${2027 + (index % 900)}-01-0${1 + (index % 9)}\n`)}`,
      grants(400, 'group:staff'),
    ),
  },
  {
    name: '5000 grants to people, each also in a group',
    text: policy(
      group('staff', people(5_000)),
      `${grants(4_900, (index) => `p${index}@example.com`)}${grants(100, 'group:staff')}`,
    ),
  },
  {
    name: '1000 tests and 100 rules about a group of 5000 in 4000 grants',
    text: policy(
      `never:\n${times(100, (index) => `  - { who: "*x${index}@example.com", resource: "project:*${index}", level: admin }\n`)}${group('staff', people(5_000))}`,
      grants(4_000, 'group:staff'),
      `tests:\n${times(1_000, (index) => `  - { who: p${index}@example.com, resource: "project:P${index}", expect: viewer }\n`)}`,
    ),
  },
];

function policy(names, given, tests = '') {
  return `${HEAD}${names}grants:\n${given}${tests}${END}`;
}

function group(name, members) {
  return `groups:\n  ${name}: [${members}]\n`;
}

function people(count, from = 0) {
  return list(count, (index) => `p${from + index}@example.com`);
}

/** One grant for each number, on a project of its own. */
function grants(count, to, dates = () => '') {
  const toOf = typeof to === 'string' ? () => to : to;
  return times(
    count,
    (index) => `  - { to: ${toOf(index)}, resource: "project:P${index % 1_000}", level: viewer${dates(index)} }\n`,
  );
}

/** Layers of groups, each group with some of the next layer and one person. */
function layers(depth, width, each) {
  const groupOf = (layer, at) => {
    const below = list(each, (index) => `group:g${layer + 1}-${(at * 3 + index) % width}`);
    return `  g${layer}-${at}: [p${layer * width + at}@example.com${layer + 1 < depth ? `, ${below}` : ''}]\n`;
  };
  return `groups:\n${times(depth, (layer) => times(width, (at) => groupOf(layer, at)))}`;
}

function roles(count, entries) {
  const entryOf = (role, index) => `    - { resource: "project:P*${(role + index) % 100}", level: viewer }\n`;
  return `roles:\n${times(count, (role) => `  r${role}:\n${times(entries, (index) => entryOf(role, index))}`)}`;
}

/** Different patterns that each match most projects of an account that has a hundred. */
function anything(from, count) {
  return list(count, (index) => `"project:*${'*'.repeat((from + index) % 50)}${Math.floor(index / 50)}*"`);
}

function list(count, itemOf) {
  return Array.from({ length: count }, (_, index) => itemOf(index)).join(', ');
}

function times(count, textOf) {
  return Array.from({ length: count }, (_, index) => textOf(index)).join('');
}
