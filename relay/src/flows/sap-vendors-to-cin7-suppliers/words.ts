import { alphaIn, alphaOut } from '@ml-connector/shared';
import type { SupplierWords } from '../cin7-suppliers/index.ts';

/** Vendors by LIFNR, with its zeros wherever people do not read it. */
export const sapVendorWords: SupplierWords = {
  noun: 'vendor',
  short: alphaOut,
  comment: (number) => `SAP vendor ${alphaOut(number)}`,
  inComment: (comments) => {
    const number = /\bSAP vendor ([^\s,;.]+)/i.exec(comments)?.[1];
    return number ? alphaIn(number, 10) : undefined;
  },
  attribute: (number) => number,
  inAttribute: (text) => alphaIn(text, 10),
};
