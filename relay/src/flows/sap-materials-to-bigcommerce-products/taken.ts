import { isSystemError } from '@ml-connector/shared';

/** The store has a product of that name or SKU already. */
export function isTaken(error: unknown): boolean {
  return isSystemError(error) && error.code === 'BIGCOMMERCE_EXISTS';
}
