import { demand } from '../finding.mjs';
import { ACCOUNT, canonical, demandSafePlan, demandVisible, openWorld, parseJson } from './world.mjs';

/** The token that grantd calls with, in these inputs. */
const TOKEN = 'fuzzed.calling.token';

const HEADERS = new Headers({ date: 'Sat, 28 Nov 2026 05:00:00 GMT', 'x-request-id': 'request-1' });

/**
 * The answers to the reads: decoded whole, or refused whole.
 * @param {object} list `decode` is where its decoder is, `judge` compares what was decoded with what the body says
 */
function listTarget({ name, share, says, module, decoder, openContext = async () => null, judge }) {
  return {
    name,
    share,
    says,
    shape: 'json',
    open: async (load) => {
      const [{ readAnswer }, { ApiError }, decoders, context] = await Promise.all([
        load('adapters/mailtrap/wire/read-answer'),
        load('core/domain/text/error'),
        load(`adapters/mailtrap/wire/${module}`),
        openContext(load),
      ]);
      const decode = decoders[decoder];
      return { check: (bytes) => checkList(bytes, { readAnswer, ApiError, decode, judge, context }) };
    },
  };
}

async function checkList(bytes, { readAnswer, ApiError, decode, judge, context }) {
  const request = { method: 'GET', path: '/api/list', route: '/api/list', body: null };
  const answer = { kind: 'answer', status: 200, headers: HEADERS, body: bytes };
  const requester = {
    send: async () => ({ answer, sent: { request, tries: 1, secrets: [TOKEN] } }),
    urlOf: ({ path }) => new URL(path, 'https://api.example'),
  };
  let read;
  try {
    read = await readAnswer(requester, { request, token: TOKEN }, decode);
  } catch (error) {
    demand(error instanceof ApiError && error.code === 'api-malformed', 'a body is decoded, or malformed', error.stack);
    demandSafeError(error);
    return;
  }
  const said = parseJson(bytes.toString('utf8').replace(/^\ufeff/, ''));
  demand(Array.isArray(said), 'what is decoded was a list', bytes);
  demandNoSecret(said, read.value);
  judge(said, read.value, context);
}

function demandSafeError(error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    for (const text of [cause.message, cause.remedy ?? '']) {
      demand(!text.includes(TOKEN), 'an error does not tell the token', text);
      demandVisible(text, 'an error is safe to print');
      demand(text.length < 2_000, 'an error is no page', text.length);
    }
  }
}

/** The secret stands under `token`; where somebody calls a project the same, that is another matter. */
function demandNoSecret(said, value) {
  const elsewhere = JSON.stringify(said, (key, item) => (key === 'token' ? undefined : item));
  if (!elsewhere.includes(TOKEN)) demand(!JSON.stringify(value).includes(TOKEN), 'a secret ends at the decoder', '');
}

const accesses = listTarget({
  name: 'accesses',
  share: 6,
  says: 'the list of account accesses: decoded whole or refused, and nothing is planned that it does not say',
  module: 'decode-accesses',
  decoder: 'decodeAccesses',
  openContext: openWorld,
  judge: (said, decoded, { resolved, actual, plan }) => {
    demand(decoded.length === said.length, 'every access is decoded', decoded.length);
    for (const [index, item] of said.entries()) {
      const { access, principal, canUpdate, isOwnToken, rows } = decoded[index];
      demand(access === item.id, 'an access keeps its id', item.id);
      demand(canUpdate === (item.permissions?.can_update === true), 'only what is said to be writable is', access);
      const isOwn = item.specifier_type === 'ApiToken' && item.specifier.token === TOKEN;
      demand(isOwnToken === isOwn, 'the calling token is known', access);
      demand(
        (principal.email ?? principal.name) === (item.specifier.email ?? item.specifier.name) ||
          principal.kind === 'token',
        'a person keeps their e-mail',
        access,
      );
      demandRows(item.resources, rows);
    }
    const found = { ...actual, accesses: decoded };
    demandSafePlan(plan(resolved, found), found);
  },
});

function demandRows(said, decoded) {
  const levels = new Map(said.map((row) => [`${row.resource_type} ${row.resource_id}`, row.access_level]));
  demand(levels.size === decoded.length, 'every row is decoded once', canonical(said));
  const sum = (list) => list.reduce((total, level) => total + level, 0);
  demand(
    sum([...levels.values()]) === sum(decoded.map(({ level }) => level)),
    'a row keeps its level',
    canonical(said),
  );
}

/** As src/adapters/mailtrap/transport/limits.ts says. */
const DEPTH_MOST = 64;

function depthOf(nodes) {
  return (nodes ?? []).reduce((most, node) => Math.max(most, 1 + depthOf(node?.resources)), 0);
}

const resources = listTarget({
  name: 'resources',
  share: 7,
  says: 'the resource tree: decoded whole or refused, and a tree or a fault is made of it',
  module: 'decode-resources',
  decoder: 'decodeResources',
  openContext: async (load) => (await load('core/domain/account/resource-tree')).buildResourceTree,
  judge: (said, decoded, buildResourceTree) => {
    const count = (nodes, below) =>
      (nodes ?? []).reduce((sum, node) => sum + (node === null ? 0 : 1 + count(node[below], below)), 0);
    demand(count(said, 'resources') === count(decoded, 'children'), 'every resource is decoded', canonical(said));
    demand(depthOf(said) <= DEPTH_MOST, 'no tree is deeper than is documented', depthOf(said));
    demand(typeof buildResourceTree(ACCOUNT, decoded) === 'object', 'a tree or a fault is made of it', '');
  },
});

const tokens = listTarget({
  name: 'tokens',
  share: 6,
  says: 'the list of API tokens: decoded whole or refused',
  module: 'decode-api-tokens',
  decoder: 'decodeApiTokens',
  judge: (said, decoded) => {
    demand(decoded.length === said.length, 'every token is decoded', decoded.length);
    for (const [index, item] of said.entries()) {
      const { tokenId, name, expiresAt, isOwnToken, rows } = decoded[index];
      demand(tokenId === item.id && name === item.name, 'a token keeps its id and its name', item.id);
      demand(
        (expiresAt === null) === ((item.expires_at ?? null) === null),
        'a date is read, or refused',
        item.expires_at,
      );
      demand(isOwnToken === (item.last_4_digits === TOKEN.slice(-4)), 'the calling token is known', item.id);
      demandRows(item.resources, rows);
    }
  },
});

const accounts = listTarget({
  name: 'accounts',
  share: 4,
  says: 'the list of accounts: decoded whole or refused',
  module: 'decode-accounts',
  decoder: 'decodeAccounts',
  judge: (said, decoded) => {
    const shown = decoded.map(({ id, name, levels }) => ({ id, name, access_levels: levels }));
    const listed = said.map(({ id, name, access_levels: levels }) => ({ id, name, access_levels: levels }));
    demand(canonical(shown) === canonical(listed), 'an account is what the list says', canonical(listed));
  },
});

/** Answers to a PUT, and those that are no success: what they say is reported, and proves nothing. */
const answers = {
  name: 'answer',
  share: 8,
  says: 'bodies of errors and of answers to a PUT: reported in one safe line, without the token',
  shape: 'text',
  words: [
    '"error":',
    '"errors":',
    '"message":',
    '"base":',
    '<title>',
    '</title>',
    TOKEN,
    `"token":"${TOKEN}"`,
    '{',
    '[',
    '"',
  ],
  open: async (load) => {
    const [{ answerFailure }, { ERROR_CODES }] = await Promise.all([
      load('adapters/mailtrap/failure'),
      load('core/domain/text/error'),
    ]);
    return { check: (bytes) => checkAnswer(bytes, { answerFailure, ERROR_CODES }) };
  },
};

function checkAnswer(body, { answerFailure, ERROR_CODES }) {
  for (const [method, status] of [
    ['PUT', 401],
    ['PUT', 422],
    ['PUT', 500],
    ['GET', 429],
    ['PUT', 302],
  ]) {
    const request = { method, path: '/api/put', route: '/api/put', body: null };
    const sent = { request, tries: 1, secrets: [TOKEN] };
    const error = answerFailure(sent, { kind: 'answer', status, headers: HEADERS, body });
    demand(Object.hasOwn(ERROR_CODES, error.code), 'an error has a code that is documented', error.code);
    demandSafeError(error);
    if (method === 'PUT' && status >= 500) demand(error.mayHaveTakenEffect, 'a 5xx may have taken effect', status);
    if (method === 'GET') demand(!error.mayHaveTakenEffect, 'a read takes no effect', status);
  }
}

export const API_TARGETS = [accesses, resources, tokens, accounts, answers];
