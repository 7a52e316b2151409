import type { BlockReason } from '../flow.ts';
import { explainSapMessage } from '../../systems/sap-ecc/index.ts';
import { postingOf } from './body.ts';
import type { ArPost } from './post.ts';
import { postingsOf } from './standing.ts';

/** What SAP would say to these documents, by its own check, which posts nothing. A customer who is not there yet cannot be checked. */
export async function tryOutArDocuments(input: ArPost): Promise<BlockReason[]> {
  const { body, target, scope } = input;
  const { customer } = body;
  const number = customer.kind === 'linked' ? (await input.linkOf(customer.record))?.targetId : customer.number;
  if (number === undefined) return [];
  const reasons: BlockReason[] = [];
  for (const part of body.parts.keys()) {
    const posting = postingOf(body, part + 1, { customer: number, postingDate: body.header.postingDate });
    for (const message of await postingsOf(target).check(posting, scope)) {
      if (!/^[AEX]$/.test(message.TYPE)) continue;
      const meaning = explainSapMessage(message)?.meaning;
      reasons.push({
        code: `${message.ID}${message.NUMBER}`,
        message: `${message.ID} ${message.NUMBER} ${message.MESSAGE}${meaning ? ` (${meaning})` : ''}`,
      });
    }
  }
  // The first row of a refusal only says that there is one.
  return reasons.length > 1 ? reasons.filter(({ code }) => code !== 'RW609') : reasons;
}
