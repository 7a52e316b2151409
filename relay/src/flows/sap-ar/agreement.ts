import { SystemError } from '@ml-connector/shared';
import type { FoundFiDocument } from '../../systems/sap-ecc/index.ts';
import type { ArBody } from './body.ts';
import type { ArPost } from './post.ts';
import { ourText, targetIdOf, type Standing, type StandingDocument } from './standing.ts';

/** Code of the refusal that a person answers by replaying: the documents are then reversed and posted anew. */
export const changedCode = 'DOCUMENT_CHANGED';
/** The same of a document that somebody reversed in SAP: it is then posted once more. */
export const reversedCode = 'SAP_DOCUMENT_REVERSED';
/** The same of one that is not found by its reference any more. */
export const lostCode = 'SAP_DOCUMENT_NOT_FOUND';

/** Reversing what Finance may have paid or reported already is a decision; a replay after this refusal is that decision. */
export async function refuseUnasked(input: ArPost, outdated: readonly StandingDocument[]): Promise<void> {
  const { body } = input;
  const ids = outdated.map(({ document }) => targetIdOf([document]));
  const shown = outdated.map(
    ({ document: { documentNumber, fiscalYear, total, currency } }) => `${documentNumber}/${fiscalYear} (${total} ${currency})`,
  );
  const what = body.parts.length === 0 ? 'it is not to be posted any more' : 'its content is another one now';
  await unlessAgreed(
    input,
    { code: changedCode, documents: ids },
    `${body.name} changed after it was posted as ${shown.join(', ')}: ${what}`,
    {
      fix: `Replay this record to reverse ${outdated.length === 1 ? 'that document' : 'those documents'}${body.parts.length === 0 ? '' : ' and post it anew'}; skip it to leave SAP as it is.`,
    },
  );
}

/**
 * The documents that the record is known as have to be among those that its reference finds. Where somebody reversed them, or the prefix or
 * company code was changed since, or they are archived, posting again is a decision of a person.
 */
export async function refuseBehindFinance(input: ArPost, standing: Standing): Promise<void> {
  const { body, link } = input;
  const known = link?.targetId.startsWith('none ') ? [] : (link?.targetId.split('+') ?? []);
  const found = [...standing.parts.flatMap((one) => (one ? [one.document] : [])), ...standing.reversed];
  const lost = known.filter((id) => !found.some((one) => targetIdOf([one]) === id));
  if (lost.length > 0)
    await unlessAgreed(
      input,
      { code: lostCode, documents: lost },
      `${body.name} is known as ${lost.join(', ')}, which company code ${body.companyCode} does not hold under the reference ${body.reference}`,
      {
        fix: `Was the reference prefix or the company code of the flow changed, was the document archived, or is SAP a copy? Skip this record to leave SAP as it is; replay it to ${body.parts.length === 0 ? 'forget that document' : 'post it anew, beside that document'}.`,
      },
    );
  if (body.parts.length === 0) return;
  const reversed = standing.reversed.filter((one) => known.includes(targetIdOf([one])) && isOfThis(body, one));
  if (reversed.length === 0) return;
  const ids = reversed.map((one) => targetIdOf([one]));
  await unlessAgreed(input, { code: reversedCode, documents: ids }, `${body.name} was posted as ${ids.join(', ')}, and reversed in SAP`, {
    fix: 'Replay this record to post it once more; skip it to leave SAP as it is.',
  });
}

// What this relay reverses it reverses for another version.
function isOfThis(body: ArBody, document: FoundFiDocument): boolean {
  const text = ourText(body, document);
  return text === undefined || text.stamp === body.stamp;
}

/** A replay after the refusal agrees to what the refusal named, and to nothing that came about since. */
async function unlessAgreed(
  input: ArPost,
  { code, documents }: { code: string; documents: readonly string[] },
  message: string,
  { fix }: { fix: string },
): Promise<void> {
  const agreed = (await input.earlierErrors()).flatMap((one) => (one.code === code ? listed(one.facts?.['documents']) : []));
  if (documents.every((id) => agreed.includes(id))) return;
  throw new SystemError(code, 'refused', message, { fix, facts: { documents } });
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
