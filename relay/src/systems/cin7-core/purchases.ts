import { isSystemError, SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { unreadable } from './judge.ts';
import { headerDifferences } from './purchase-differences.ts';
import { checkHeader } from './purchase-limits.ts';
import { withHeaderProblems, type PurchaseReference } from './purchase-problems.ts';
import { putOrder } from './purchase-orders.ts';
import { openFinding } from './purchase-finding.ts';
import { readPurchase } from './purchase-reading.ts';
import { toPurchase } from './purchase-rows.ts';
import { settle, type PurchaseParts } from './purchase-settling.ts';
import { checkNotInUse, checkNotVoided, isVoided, storedDifferently, tellMinor } from './purchase-states.ts';
import { headerBody } from './purchase-wire.ts';
import { isRow, text, type Row } from './rows.ts';
import type { Cin7Purchase, Cin7PurchaseHeader, Cin7Purchases } from './types.ts';

interface HeaderParts extends PurchaseParts {
  reference: PurchaseReference;
}

export function openPurchases(parts: HeaderParts): Cin7Purchases {
  return {
    get: (id, scope) => readPurchase(parts.client, id, scope),
    findByNote: openFinding(parts.client),
    create: (header, scope) => create(parts, header, scope),
    updateHeader: (id, header, scope) => updateHeader(parts, { id, header }, scope),
    putOrder: (id, order, scope) => putOrder(parts, id, order, scope),
    undo: (id, scope) => remove(parts, { id, how: 'undo' }, scope),
    void: (id, scope) => remove(parts, { id, how: 'void' }, scope),
  };
}

async function create(parts: HeaderParts, header: Cin7PurchaseHeader, scope: CallScope): Promise<Cin7Purchase> {
  const doing = `creating purchase ${header.Note.split('\n', 1)[0] ?? ''}`;
  checkHeader(header, doing);
  const body = { ...headerBody(header), PurchaseType: header.PurchaseType };
  const answer = await parts.client({ method: 'POST', path: 'advanced-purchase', body, doing }, scope).catch(async (error: unknown) => {
    throw await withHeaderProblems(error, parts.reference, header, scope);
  });
  if (!isRow(answer) || text(answer['ID']) === '') throw unreadable({ writes: true, doing }, 'the answer holds no purchase');
  const stored = await storedHeader(parts, { answer, header, doing }, scope);
  const differences = headerDifferences(stored, header);
  if (differences.serious.length > 0) throw storedDifferently(stored, differences.serious, doing);
  tellMinor(parts.clock, { what: 'POST /advanced-purchase', differences }, scope);
  return stored;
}

/** The answer itself where it is as wanted; what the account holds where it is not, or tells too little. */
async function storedHeader(
  { client }: PurchaseParts,
  { answer, header, doing }: { answer: Row; header: Cin7PurchaseHeader; doing: string },
  scope: CallScope,
): Promise<Cin7Purchase> {
  try {
    const shown = toPurchase(answer);
    if (headerDifferences(shown, header).serious.length === 0) return shown;
  } catch {
    // Read below.
  }
  const id = text(answer['ID']);
  const stored = await readPurchase(client, id, scope).catch((error: unknown) => {
    throw isSystemError(error) && error.verdict === 'refused' ? error : unverified(id, doing, error);
  });
  if (!stored) throw unverified(id, doing);
  return stored;
}

async function updateHeader(
  parts: HeaderParts,
  { id, header }: { id: string; header: Cin7PurchaseHeader },
  scope: CallScope,
): Promise<Cin7Purchase> {
  const doing = `updating purchase ${id}`;
  checkHeader(header, doing);
  const differencesOf = (stored: Cin7Purchase): string[] => {
    const { serious, minor } = headerDifferences(stored, header);
    return [...serious, ...minor];
  };
  const stored = await settle(
    parts,
    {
      id,
      doing,
      looksFirst: true,
      isDone: (purchase) => !isVoided(purchase) && differencesOf(purchase).length === 0,
      checkMayChange: (purchase) => checkNotVoided(purchase, doing),
      send: async () => {
        const body = { ID: id, ...headerBody(header) };
        await parts.client({ method: 'PUT', path: 'advanced-purchase', body, doing }, scope).catch(async (error: unknown) => {
          throw await withHeaderProblems(error, parts.reference, header, scope);
        });
      },
      verify: (purchase) => {
        const { serious } = headerDifferences(purchase, header);
        if (serious.length > 0) throw storedDifferently(purchase, serious, doing);
      },
    },
    scope,
  );
  tellMinor(parts.clock, { what: 'PUT /advanced-purchase', differences: headerDifferences(stored, header) }, scope);
  return stored;
}

async function remove(parts: PurchaseParts, { id, how }: { id: string; how: 'undo' | 'void' }, scope: CallScope): Promise<void> {
  const doing = how === 'undo' ? `undoing the order of purchase ${id}` : `voiding purchase ${id}`;
  const isDone = (purchase: Cin7Purchase): boolean =>
    how === 'void' ? isVoided(purchase) : ['DRAFT', 'NOT AVAILABLE'].includes(purchase.Order.Status) && !isVoided(purchase);
  const query = { ID: id, Void: String(how === 'void') };
  await settle(
    parts,
    {
      id,
      doing,
      looksFirst: true,
      isDone,
      checkMayChange: (purchase) => {
        checkNotVoided(purchase, doing);
        checkNotInUse(purchase, doing);
      },
      send: async () => {
        await parts.client({ method: 'DELETE', path: 'advanced-purchase', query, doing }, scope);
      },
      // Seen on other documents: 200, and nothing was done (facts/cin7.md 9.4).
      verify: (purchase) => {
        if (!isDone(purchase)) throw storedDifferently(purchase, [`it is still ${purchase.Status}`], doing);
      },
    },
    scope,
  );
}

function unverified(id: string, doing: string, cause?: unknown): SystemError {
  return new SystemError('CIN7_NOT_VERIFIED', 'uncertain', `${doing}: made as ${id}, but could not be read back`, { cause });
}
