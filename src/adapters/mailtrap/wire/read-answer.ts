import type { TimedValue } from '../../../core/domain/run/ports.ts';
import { malformedFailure } from '../failure.ts';
import { serverTimeOf } from '../transport/answer-headers.ts';
import type { Call, Requester } from '../transport/requester.ts';
import { parseBody } from './parse-body.ts';
import { Misfit } from './shape.ts';

/** Turns a body into what it should be. Throws `Misfit`. */
export type Decode<T> = (body: unknown, callingToken: string) => T;

/** Sends a request and reads its answer. Throws `ApiError`, also where the answer is not what it should be. */
export async function readAnswer<T>(requester: Requester, call: Call, decode: Decode<T>): Promise<TimedValue<T>> {
  const { answer, sent } = await requester.send(call);
  try {
    const value = decode(parseBody(answer.body, sent.secrets), call.token);
    return { value, serverTime: serverTimeOf(answer.headers) };
  } catch (error) {
    if (error instanceof Misfit) throw malformedFailure(sent, answer, error.message);
    throw error;
  }
}
