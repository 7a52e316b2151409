import { SystemError, toSystemError } from '@ml-connector/shared';
import { addressDenied, type HttpLoss } from './send.ts';

/** The connection leads to where it may not, be it by its settings or by what its name resolves to: nothing on it works until a person looks. */
export function deniedAddress(loss: HttpLoss, doing: string): SystemError | undefined {
  if (loss.code !== addressDenied) return undefined;
  const { message, fix } = toSystemError(loss.cause, doing);
  return new SystemError(addressDenied, 'halt', `${doing}: ${message}`, { cause: loss, fix });
}
