import { demand } from '../finding.mjs';
import { grownTexts } from '../mutate/grow.mjs';
import { canonical, demandVisible, openWorld, parseJson } from './world.mjs';

/** What `apply --plan` takes: nothing in it is carried out, it only must be the plan that is made anew. */
export const planTarget = {
  name: 'plan',
  share: 22,
  says: 'a plan file: the plan that was saved, or refused',
  shape: 'json',
  open: async (load) => {
    const [{ agreedFromJson }, { isAgreed }, { planToJson }] = await Promise.all([
      load('report/plan/read-json'),
      load('run/reconcile/agreed-plan'),
      load('report/plan/json'),
    ]);
    const { resolved, actual, plan } = await openWorld(load);
    const made = plan(resolved, actual);
    const saved = JSON.parse(JSON.stringify(planToJson(made)));
    return {
      seeds: [JSON.stringify(saved), JSON.stringify(saved, null, 2), ...grownTexts(JSON.stringify(saved))].map((text) =>
        Buffer.from(text),
      ),
      check: (bytes) => check(bytes.toString('utf8'), { agreedFromJson, isAgreed, made, meant: meaning(saved) }),
    };
  },
};

function check(text, { agreedFromJson, isAgreed, made, meant }) {
  const parsed = parseJson(text);
  if (parsed === undefined) return;
  const agreed = agreedFromJson(parsed);
  if ('problems' in agreed) {
    demand(agreed.problems.length > 0, 'a plan that is refused has a problem', text);
    for (const problem of agreed.problems) demandVisible(problem, 'what is shown of problems is safe to print');
    return;
  }
  demand(agreed.approvedByHand.length === 0, 'a file approves nothing', text);
  demand(
    isAgreed(made, agreed) === (meaning(parsed) === meant),
    'a file counts as the plan exactly if it says the same',
    text,
  );
}

/** What somebody agrees to by a plan: whom it gives and takes what, and what it holds. */
function meaning({ digest, changes, held }) {
  const parts = held.map((part) => ({ digest: part.digest, rules: part.rules, changes: part.changes.map(changePart) }));
  return canonical({ digest, changes: changes.map(changePart), held: parts });
}

function changePart({ kind, principal, resource, before, after }) {
  const { kind: who, email, name, tokenId, access } = principal;
  const named = who === 'token' ? { name, tokenId } : { email };
  return {
    kind,
    principal: { who, access, ...named },
    resource: { type: resource.type, id: resource.id },
    before,
    after,
  };
}
