import { isSystemError } from '@ml-connector/shared';

/** The answer, or undefined for what the store does not have. */
export async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isSystemError(error) && error.code === 'BIGCOMMERCE_NOT_FOUND') return undefined;
    throw error;
  }
}
