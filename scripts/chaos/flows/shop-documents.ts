import type { PostedDocument } from '../../landscape/index.ts';
import type { Lane } from '../lane.ts';

/** Those of the shop, reversed ones and reversals too. */
export async function documentsOf({ landscape }: Lane): Promise<PostedDocument[]> {
  return (await landscape.sap.control.call('postings', { companyCode: '1000' })).filter(({ reference }) => reference.startsWith('BC'));
}

/** Also what was posted too often and reversed again: an order is changed once at most. */
export async function postedTooOften(lane: Lane): Promise<string[]> {
  const posted = (await documentsOf(lane)).filter(({ reversal }) => !reversal?.isReversing);
  return [...Map.groupBy(posted, ({ reference }) => reference)].flatMap(([reference, ones]) =>
    ones.length > 2 ? [`${ones.length} documents ${reference}: ${ones.map(({ number }) => number).join(', ')}`] : [],
  );
}
