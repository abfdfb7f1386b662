import { createHash } from 'node:crypto';
import { parse as parseYaml } from 'yaml';
import { demand } from '../finding.mjs';
import { wordsOf } from './words.mjs';
import { canonical, demandSafePlan, demandVisible, openWorld, readText } from './world.mjs';

const SPELLINGS = [
  'group:qa',
  'token:ci',
  'token:*',
  'account',
  'project:*',
  'project:#4001',
  'inbox:Checkout/Staging',
  'inbox:Checkout/*',
  'domain:example.com',
  '*@example.com',
  'ann@example.com',
  'tester',
  'qa',
  '2026-12-31',
  '2026-11-28T05:00:00Z',
  '- ',
  '{ ',
  ' }',
  '&a ',
  '*a',
  '!!str ',
  '<<: *a',
  '---',
  '...',
  '%YAML 1.1',
  '"',
  "'",
  '|',
  '>-',
  '? ',
  '# ',
];

const YAML_OPTIONS = { version: '1.2', schema: 'core', merge: false };

/** How many policies are remembered of which a plan was made. */
const MEANINGS_MOST = 5_000;

/** Policy text: whoever merges it decides who may do what. */
export const policyTarget = {
  name: 'policy',
  share: 6,
  says: 'policy text: problems with places, or a policy that means the same however it is written down',
  shape: 'text',
  words: [...wordsOf(JSON.parse(readText('schemas/policy.v1.schema.json'))), ...SPELLINGS],
  open: async (load) => {
    const world = await openWorld(load);
    const { renderProblems } = await load('report/problems/text');
    const { PROBLEM_CODES } = await load('core/domain/text/problem-code');
    const context = { ...world, renderProblems, PROBLEM_CODES, planned: new Set() };
    return { check: (bytes) => check(bytes.toString('utf8'), context) };
  },
};

function check(text, world) {
  const checked = world.validate(text);
  demandPlaces(checked.problems, text, world);
  if (!checked.ok) {
    demand(checked.problems.some(isError), 'a text that is refused has an error', text);
    return;
  }
  demand(!checked.problems.some(isError), 'a text that is accepted has no error', text);
  const meant = meaning(checked.value);
  demandSameMeaning(text, meant, world);
  // Most changes of a text leave its meaning as it was, and making a plan takes longer than reading.
  const hash = createHash('sha256').update(meant).digest('hex');
  if (world.planned.has(hash)) return;
  if (world.planned.size > MEANINGS_MOST) world.planned.clear();
  world.planned.add(hash);
  demandSafePlan(world.plan(world.resolvePolicy(checked.value), world.actual), world.actual);
}

/** As JSON it is written by another parser, which takes far more memory than grantd may. */
const JSON_CHARACTERS_MOST = 64 * 1024;

/** Of two other spellings one for each text: they are what takes the time. */
function demandSameMeaning(text, meant, world) {
  const isJson = text.length % 2 === 0 && text.length <= JSON_CHARACTERS_MOST;
  const how = isJson ? 'as JSON' : 'with line ends of Windows';
  const again = isJson ? JSON.stringify(parseYaml(text, YAML_OPTIONS)) : text.replace(/\r?\n/g, '\r\n');
  const found = world.validate(again);
  demand(found.ok, `an accepted text is accepted ${how}`, JSON.stringify(found.problems?.[0]));
  demand(meaning(found.value) === meant, `an accepted text means the same ${how}`, meaning(found.value));
}

function demandPlaces(problems, text, { renderProblems, PROBLEM_CODES }) {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const { at, code, message, remedy } of problems) {
    const problem = `${code} ${JSON.stringify(at)}`;
    demand(Object.hasOwn(PROBLEM_CODES, code), 'every problem has a code that is documented', problem);
    demand(at.file === 'policy.yaml' && at.line >= 1 && at.line <= lines.length, 'every problem has a line', problem);
    demand(at.column >= 1 && at.column <= lines[at.line - 1].length + 1, 'every problem has a column', problem);
    demand(at.length >= 1, 'every problem has something to underline', problem);
    demand(
      message.length > 0 && message.length <= 301 && remedy.length > 0,
      'a problem says what and what to do',
      problem,
    );
  }
  const shown = renderProblems(problems, { file: 'policy.yaml', text });
  for (const line of shown.split('\n')) demandVisible(line, 'what is shown of problems is safe to print');
}

function isError({ severity }) {
  return severity === 'error';
}

/** What a policy says, whatever the places of its parts are. */
function meaning(policy) {
  return canonical(JSON.parse(JSON.stringify(policy, (key, value) => (key === 'at' ? undefined : value))));
}
