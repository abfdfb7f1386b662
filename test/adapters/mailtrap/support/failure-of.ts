import { ApiError } from '../../../../src/core/domain/text/error.ts';

/** The `ApiError` that it throws; anything else fails the test. */
export async function failureOf(running: Promise<unknown>): Promise<ApiError> {
  try {
    await running;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
