import { companyIn, wholeNumber } from '@ml-connector/shared';

/** AN8 in plain digits: `6001`. */
export function supplierKey(AN8: string): string {
  return wholeNumber(AN8);
}

/** `00200-OP-12345-000`. The same number may exist in several companies and types. */
export function orderKey({ KCOO, DCTO, DOCO, SFXO }: { KCOO: string; DCTO: string; DOCO: string; SFXO: string }): string {
  return `${companyIn(KCOO)}-${DCTO.trim()}-${wholeNumber(DOCO)}-${SFXO.trim().padStart(3, '0')}`;
}

/** AID with its zeros: `00012345`. */
export function accountKey(AID: string): string {
  const trimmed = AID.trim();
  return /^\d+$/.test(trimmed) ? trimmed.padStart(8, '0') : trimmed;
}
