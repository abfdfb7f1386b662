import { changedTexts, type EditedPolicy, editPolicy } from '../../../core/document/edit-policy.ts';
import type { PolicyTexts } from '../../../core/document/source-text.ts';
import { LEVEL } from '../../../core/domain/account/access-level.ts';
import { accessesByEmail } from '../../../core/domain/account/actual-state.ts';
import type { EmailName } from '../../../core/domain/account/email.ts';
import { writtenName } from '../../../core/domain/account/principal.ts';
import type { PolicyEdit } from '../../../core/domain/policy/imported-policy.ts';
import type { Policy } from '../../../core/domain/policy/policy.ts';
import type { Revision } from '../../../core/domain/policy/revision.ts';
import { placeText } from '../../../core/domain/text/problem.ts';
import { counted, shellWord, visibleText } from '../../../core/domain/text/text.ts';
import {
  cutsOf,
  endOf,
  obstaclesToEnd,
  otherMentions,
  reasonToKeep,
  spellingIn,
} from '../../../core/infer/offboard.ts';
import { fitText } from '../../../report/layout/fit.ts';
import { InvalidPolicy, UsageError } from '../../line/errors.ts';
import { EXIT, type ExitCode } from '../../line/exit-code.ts';
import { parseMoment, parseWho } from '../../line/parse-question.ts';
import { checkPolicy, policyTextCheck } from '../../open/policy.ts';
import { readSnapshot } from '../../open/snapshot.ts';
import { writeEdited } from '../../open/write-edited.ts';
import { nextLine, nextText } from '../../process/next-line.ts';
import type { OffboardCall } from './spec.ts';

/** The policy of the call, and its texts. */
interface Opened {
  readonly policy: Policy;
  readonly source: PolicyTexts;
  readonly revision: Revision;
}

/** Shows the edit that ends someone's access, or takes them out of the policy, and makes it with `--write`. */
export async function runOffboard(call: OffboardCall): Promise<ExitCode> {
  const people = call.arguments.who.map(toPerson);
  const { source, revision, checked: before } = await checkPolicy(call);
  if (!before.ok) throw new InvalidPolicy(before.problems, source);
  const policy = before.value;
  const opened = { source, revision, policy };
  for (const person of people)
    refuse(person, reasonToKeep(policy, person), 'change that line first, in a reviewed change of its own');
  const edits = call.flags.clean ? await cleaning(call, policy, people) : ending(call, opened, people);
  const edited = editPolicy(source, edits);
  if (edited.undone.length > 0) {
    throw new UsageError(
      'grantd cannot safely edit this text',
      'edit it by hand: write each entry on a line of its own',
    );
  }
  const checked = (await policyTextCheck(edited.source))(edited.source);
  if (!checked.ok) throw new InvalidPolicy(checked.problems, edited.source);
  show(call, edited);
  noteMentions(call, opened, people);
  await write(call, opened, edited);
  return EXIT.done;
}

function toPerson(text: string): EmailName {
  const name = parseWho(text);
  if ('email' in name) return name;
  throw new UsageError(
    `${text} is an API token, and \`ends\` is for people`,
    'write `until` in its grants, or delete them',
  );
}

function refuse(person: EmailName, why: string | null, remedy: string): void {
  if (why !== null) throw new UsageError(`${writtenName(person)} ${why}`, remedy);
}

/** `ends` for each of them that does not end as early already. */
function ending(call: OffboardCall, { policy, source }: Opened, people: readonly EmailName[]): readonly PolicyEdit[] {
  const { on, snapshot } = call.flags;
  if (snapshot !== undefined) throw new UsageError('--snapshot goes with --clean', 'leave it out, or add --clean');
  const until = on ?? new Date(Math.floor(call.io.clock.now() / 1000) * 1000).toISOString().replace('.000', '');
  const at = parseMoment('--on', until, 'end');
  const due = people.filter((person) => {
    const end = endOf(policy, person);
    if (end === null || end.end.at > at) return true;
    say(call, `${spellingIn(source, person)} ends ${end.end.text} already (${placeText(end.at)}).`);
    return false;
  });
  for (const obstacle of due.length > 0 ? obstaclesToEnd(policy, due) : []) say(call, obstacle);
  const ends = due.map((person) => ({ email: spellingIn(source, person), until }));
  return ends.length === 0 ? [] : [{ kind: 'set-ends', ends }];
}

/** Nobody is taken out who may still hold something: `ends` is what takes it. */
async function cleaning(
  call: OffboardCall,
  policy: Policy,
  people: readonly EmailName[],
): Promise<readonly PolicyEdit[]> {
  const { on, snapshot } = call.flags;
  if (on !== undefined) throw new UsageError('--on and --clean are two steps', 'leave one of them out');
  if (snapshot === undefined)
    throw new UsageError(
      '--clean needs --snapshot',
      'grantd snapshot --out account.json writes one: it shows that they hold nothing',
    );
  const actual = await readSnapshot(call, snapshot, policy.account);
  const byEmail = accessesByEmail(actual.accesses);
  for (const person of people) {
    const end = endOf(policy, person);
    const held = (byEmail.get(person.email) ?? []).flatMap(({ rows }) =>
      rows.filter(({ level }) => level > LEVEL.none),
    );
    const name = shellWord(writtenName(person));
    if (end === null)
      refuse(person, 'has no `ends`, so nothing has taken their access', `grantd offboard ${name} writes it`);
    else if (end.end.at > call.io.clock.now())
      refuse(person, `ends ${end.end.text}, which has not come`, 'wait until then, and take a new snapshot');
    if (held.length > 0)
      refuse(
        person,
        `still has ${counted(held.length, 'row')} in this snapshot`,
        `grantd explain ${name} says why; take a new snapshot once grantd has taken them`,
      );
  }
  return people.flatMap((person) => cutsOf(policy, person));
}

function show(call: OffboardCall, { lines }: EditedPolicy): void {
  const { io, paint } = call;
  const shown = lines.flatMap(({ file, lines: hunks }) =>
    hunks.flatMap(({ line, old, next }) => [
      paint.stdout.strong(`${visibleText(file)}:${line}`),
      ...old.filter((one) => !next.includes(one)).map((one) => paint.stdout.loss(`- ${visibleText(one)}`)),
      ...next.filter((one) => !old.includes(one)).map((one) => paint.stdout.gain(`+ ${visibleText(one)}`)),
    ]),
  );
  if (shown.length === 0) say(call, 'There is nothing to change.');
  else io.stdout.write(`${shown.join('\n')}\n`);
}

/** Tests that name them fail or prove nothing from now on; rules that name them may be meant to stay. */
function noteMentions(call: OffboardCall, { policy, source }: Opened, people: readonly EmailName[]): void {
  for (const person of people) {
    const mentions = otherMentions(policy, person);
    if (mentions.length === 0) continue;
    const listed = mentions.map(({ key, at }) => `\`${key}\` at ${placeText(at)}`).join(', ');
    say(
      call,
      `${spellingIn(source, person)} is also named by ${listed}: look at ${mentions.length === 1 ? 'it' : 'them'}.`,
    );
  }
}

async function write(call: OffboardCall, { source, revision }: Opened, edited: EditedPolicy): Promise<void> {
  const changed = changedTexts(source, edited.source);
  if (changed.length === 0) return;
  const shared = changed.filter(({ path }) => path !== null).map(({ file }) => file);
  if (shared.length > 0) say(call, `If other policies include ${shared.join(' or ')}, they change as well.`);
  const { io, paint, settings } = call;
  if (!call.flags.write) {
    say(call, 'Nothing was written. Add --write to make this edit.');
    return;
  }
  if (settings.policy === '-')
    throw new UsageError('the policy comes from standard input', 'name its file with --policy');
  await writeEdited(call, revision.sha256, changed);
  const files = changed.map(({ file }) => visibleText(file)).join(', ');
  io.stderr.write(nextText(`Wrote ${files}.`, nextLine(call, 'plan'), paint.stderr));
}

function say({ io, paint }: OffboardCall, text: string): void {
  io.stderr.write(fitText(`${visibleText(text)}\n`, paint.stderr));
}
