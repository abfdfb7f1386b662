import { GrantdError } from '../../../../src/core/domain/text/error.ts';

/** What a promise was rejected with on purpose. */
export async function failureOf(promise: Promise<unknown>): Promise<GrantdError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof GrantdError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
