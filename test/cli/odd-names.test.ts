import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { ADMIN_TOKEN } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

/** What nobody sees, or takes for a plain space: case I20, and others of its kind. */
const UNSEEN = ['\\u200b', '\\u2060', '\\u3164', '\\U000E0041', '\\u00a0', '\\u00ad', '\\u2800', '\\u202e', '\\ufe0f'];
const HIDDEN = /(?! )\p{Z}|[^\P{C}\n]|[\p{Default_Ignorable_Code_Point}\u2800]/u;

/** `App` with all of them. */
const odd = (name: string) => `${name}${UNSEEN.join('')}x  y`;

const ACCOUNT = `version: 1
account: { id: 3229, name: "${odd('Account')}" }
roots: account
resources:
  - { type: project, id: 4001, name: "${odd('App')}", resources: [{ type: inbox, id: 3801, name: "${odd('Live')}" }] }
  - { type: project, id: 4002, name: "${odd('Web')}" }
  - { type: project, id: 4005, name: "${odd('Trail')} " }
  - { type: project, id: 4003, name: "${odd('Twin')}" }
  - { type: project, id: 4004, name: "${odd('Twin')}" }
  - { type: sending_domain, id: 5101, name: "${odd('d')}.com" }
tokens:
  - { name: grantd, secret: ${ADMIN_TOKEN}, id: 2496900, access: 5140, rows: [{ type: account, id: 3229, level: 100 }] }
  - { name: "${odd('ci')}", secret: other-token-0123456789, id: 2496901, access: 5141, rows: [{ type: project, id: 4001, level: 100 }] }
accesses:
  - { access: 90, kind: user, id: 990, email: root@example.com, name: "${odd('Root')}", owner: true }
  - { access: 91, kind: user, id: 991, email: kim@example.com, name: Kim, rows: [{ type: account, id: 3229, level: 100 }] }
  - { access: 101, kind: user, id: 1001, email: p1@example.com, name: P1, rows: [{ type: project, id: 4001, level: 10 }, { type: inbox, id: 3801, level: 10 }] }
  - { access: 102, kind: user, id: 1002, email: "${odd('p2')}@example.com", name: P2, rows: [{ type: project, id: 4002, level: 100 }] }
  - { access: 103, kind: invite, id: 1003, email: "${odd('p3')}@example.com", rows: [{ type: project, id: 4002, level: 50 }] }
`;

/** In some days: what lies ahead is shown. */
const SOON = new Date(Date.now() + 5 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

const POLICY = `version: 1
account: 3229
mode: authoritative
protected: [root@example.com]
unlisted: revoke
limits: { revokes: { principals: 1, percent: 90 }, admins: 1 }
observe: ["project:${odd('Web')}"]
ends: { p9@example.com: 2026-01-01 }
tokens: { ci: { access: 5141, token: 2496901 } }
roles:
  tester: [{ resource: "project:${odd('App')}", level: admin }]
grants:
  - { to: [kim@example.com, p1@example.com], role: tester, reason: "${odd('OPS')}" }
  - { to: token:ci, resource: ["inbox:${odd('App')}/${odd('Live')}", "project:${odd('Twin')}"], level: viewer }
  - { to: p1@example.com, resource: "project:${odd('Gone')}", level: viewer, reason: "${odd('OPS')}" }
  - { to: p9@example.com, resource: "domain:${odd('d')}.com", level: viewer, until: 2998-01-01 }
  - { to: p1@example.com, resource: "domain:*", level: admin, from: ${SOON} }
tests:
  - { who: p1@example.com, resource: "project:${odd('App')}", expect: admin }
  - { who: p1@example.com, resource: "project:${odd('Web')}", expect: admin }
paused: false
`;

/** Named by an odd name, as all files may be. */
const FILE = 'po\u00a0li\u200bcy.yaml';
const CHANGED = 'ch\u3164anged.yaml';

test('no output shows a name as something else: every character that nobody sees is visible (cases I2, I20)', async () => {
  const simulator = await simulate({ seed: seedOf(ACCOUNT) });
  const failing = POLICY.replace(/resource: "project:Web(.*) expect: admin/, 'resource: "project:Web$1 expect: viewer');
  const tested = failing.replace(/ {2}- \{ who: p1@example.com, resource: "project:Web.*\n/, '');
  const changed = tested.replace('level: admin', 'level: viewer').replace(/until: 2998/, 'until: 2999');
  const cwd = workplace({ [FILE]: tested, [CHANGED]: changed, 'failing.yaml': failing });
  const world = { cwd, env: { ...pointedAt(simulator), GRANTD_AUDIT_LOG: join(cwd, 'audit\u2060.jsonl') } };
  const shown: string[] = [];
  const run = async (...words: readonly string[]) => {
    const printed = await runCli(words, world);
    for (const [where, text] of Object.entries(printed)) {
      const lines = String(text).replaceAll('\r\n', '\n').split('\n');
      shown.push(...lines.filter((line) => HIDDEN.test(line)).map((line) => `${words.join(' ')} (${where}): ${line}`));
    }
    return printed;
  };
  const formats = ['text', 'markdown'];
  expect((await run('snapshot', FILE, '--out', 'sn\u00adap.json')).code).toBe(0);
  for (const format of formats) {
    expect((await run('plan', FILE, '--format', format)).code).toBe(0);
    await run('compare', FILE, CHANGED, '--format', format);
    await run('compare', FILE, CHANGED, '--snapshot', 'sn\u00adap.json', '--format', format);
    expect((await run('review', FILE, '--format', format === 'text' ? 'csv' : format)).code).toBe(0);
  }
  await run('plan', FILE, '--verbose', '--snapshot', 'sn\u00adap.json');
  await run('plan', FILE, '--out', 'pl\u2800an.json');
  for (const who of ['p1@example.com', 'kim@example.com', 'token:ci', 'p9@example.com', 'p\u200b1@example.com']) {
    await run('explain', who, FILE);
    await run('explain', who, 'project:App*', FILE);
  }
  for (const resource of ['project:*', 'inbox:*/*', 'domain:*', 'project:#4003', 'project:App\u00a0', 'account']) {
    await run('who', resource, FILE);
  }
  for (const file of [FILE, 'failing.yaml', CHANGED]) {
    await run('validate', file);
    await run('validate', file, '--snapshot', 'sn\u00adap.json');
    await run('validate', file, '--junit', 'ju\u00a0nit.xml');
  }
  await run('doctor', FILE);
  await run('import');
  await run('import', '--update', FILE, '--out', '-');
  await run('import', '--update', FILE, '--out', FILE);
  expect((await run('apply', FILE, '--yes', '--state-dir', join(cwd, 'st\u2060ate'))).code).toBe(3);
  expect((await run('apply', FILE, '--plan', 'pl\u2800an.json', '--yes')).code).toBe(1);
  expect((await run('audit', 'show')).stdout).toContain('project:App\\u{200b}\\u{2060}\\u{3164}\\u{e0041}\\u{a0}');
  await run('audit', 'verify');
  await run('audit', 'show', '--who', 'token:\u2060ci');
  await run('plan', 'no\u00a0such.yaml');
  await run('plan\u00a0', '--fo\u200bo');
  expect(shown).toEqual([]);
  expect(readFileSync(join(cwd, 'ju\u00a0nit.xml'), 'utf8')).not.toMatch(HIDDEN);
}, 120_000);
