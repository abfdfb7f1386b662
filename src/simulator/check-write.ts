import type { AccountWrite } from './account-write.ts';
import { isRequestObject } from './api-call.ts';
import { checkFields, either, type Fields, integer, listOf, objectOf, oneOfValues, text } from './check-fields.ts';

const id = integer(0);
const who = either(id, text);
const resource = { type: text, id };
const row = { ...resource, level: integer(0) };

const FIELDS: Readonly<Record<AccountWrite['act'], Fields>> = {
  'set-row': { required: { who, ...row }, optional: {} },
  'remove-row': { required: { who, ...resource }, optional: {} },
  'accept-invite': { required: { who }, optional: { name: text, access: id } },
  'add-member': {
    required: { email: text },
    optional: {
      kind: oneOfValues('user', 'invite'),
      name: text,
      access: id,
      rows: listOf(objectOf({ required: row, optional: {} })),
    },
  },
  'remove-member': { required: { who }, optional: {} },
  'rename-member': { required: { who, email: text }, optional: {} },
  'rename-resource': { required: { ...resource, name: text }, optional: {} },
  'add-resource': {
    required: { ...resource, name: text },
    optional: { under: objectOf({ required: resource, optional: {} }) },
  },
  'remove-resource': { required: resource, optional: {} },
};

const anyAct = oneOfValues(...Object.keys(FIELDS));

/** Every problem of a value that should be an `AccountWrite`. Whether its people and resources exist is checked later. */
export function checkWrite(value: unknown, where: string): readonly string[] {
  if (!isRequestObject(value)) return [`${where} is ${JSON.stringify(value)}; write an object with an "act".`];
  const { act } = value;
  if (typeof act !== 'string' || !isAct(act)) {
    return [`${where}.act is ${JSON.stringify(act) ?? 'missing'}; write ${anyAct(act)}.`];
  }
  const { required, optional } = FIELDS[act];
  return checkFields(value, where, { required, optional: { ...optional, act: anyAct, account: id } });
}

function isAct(act: string): act is AccountWrite['act'] {
  return Object.hasOwn(FIELDS, act);
}
