import { expect, test } from 'vitest';
import { ApiError, GrantdError } from '../../../../src/core/domain/text/error.ts';

const REQUEST = { method: 'PUT', path: '/api/accounts/1/x', status: 502, requestId: 'r', tries: 3 };

test('an error says what, which code, and what to do', () => {
  const error = new GrantdError('policy-unreadable', 'no such file', 'check the path');
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message }).toEqual({
    name: 'GrantdError',
    code: 'policy-unreadable',
    message: 'no such file',
    remedy: 'check the path',
  });
});

test('an error has a cause only where there is one', () => {
  const cause = new Error('ENOENT');
  expect(new GrantdError('policy-unreadable', 'm', 'r', cause).cause).toBe(cause);
  expect(Object.hasOwn(new GrantdError('policy-unreadable', 'm', 'r'), 'cause')).toBe(false);
});

test('an API error says whether the request may have taken effect', () => {
  const cause = new Error('ECONNRESET');
  const error = new ApiError('api-server-error', 'm', 'r', { ...REQUEST, mayHaveTakenEffect: true }, cause);
  expect(error).toBeInstanceOf(GrantdError);
  expect([error.name, error.code, error.message, error.remedy]).toEqual(['ApiError', 'api-server-error', 'm', 'r']);
  expect([error.request, error.mayHaveTakenEffect, error.cause]).toEqual([REQUEST, true, cause]);
});
