import type { AccessLevel } from '../../../core/domain/account/access-level.ts';
import { at, decodeList, fieldsOf, integerOf, misfit, textOf } from './shape.ts';

/** An account that the token reaches, and the levels it has there. */
export interface ReachedAccount {
  readonly id: number;
  readonly name: string;
  readonly levels: readonly AccessLevel[];
}

/** Turns the list of accounts (documented) into what the token reaches. */
export function decodeAccounts(body: unknown): readonly ReachedAccount[] {
  return decodeList(body, (item) => {
    const fields = fieldsOf(item);
    return {
      id: integerOf(fields['id'], '.id'),
      name: textOf(fields['name'], '.name'),
      levels: at(fields, 'access_levels', (value) => decodeList(value, decodeLevel)),
    };
  });
}

function decodeLevel(value: unknown): AccessLevel {
  if (!Number.isSafeInteger(value)) throw misfit('an integer', value);
  return value as number;
}
