import { failure, ok, oddTimestamp, type Answer } from './answers.ts';
import type { Fault } from './faults.ts';
import { limitStyles, type LimitSettings } from './limits.ts';
import type { SimParts } from './server.ts';
import type { ProductRow } from './product-rows.ts';
import type { PurchaseRow } from './purchase-rows.ts';
import { sameText } from './reference.ts';
import { product } from './seed-products.ts';
import { save, type Cin7State, type JournalRow } from './state.ts';

const referenceTables = ['accounts', 'paymentTerms', 'taxRules', 'attributeSets', 'locations', 'currencies'] as const;

/**
 * What tests and the demo steer a separate process with; no credentials, no limit. JSON both ways:
 * GET snapshot | calls; POST faults | limits | reference | journals | products | purchases; DELETE faults | limits (forgets the calls of this minute) | calls.
 */
export function answerControl(parts: SimParts, method: string, path: string, text: string): Answer {
  const what = `${method} ${path.replace(/^\/__control\/?/, '')}`;
  try {
    switch (what) {
      case 'GET snapshot':
        return ok(snapshotOf(parts.state));
      case 'GET calls':
        return ok({
          calls: parts.calls,
          limitRefused: parts.limit.refused,
          faults: parts.faults.happened,
          waiting: parts.faults.pending(),
        });
      case 'POST faults':
        parts.faults.add(JSON.parse(text) as Fault);
        return ok({});
      case 'DELETE faults':
        parts.faults.clear();
        return ok({});
      case 'POST limits':
        return setLimits(parts, JSON.parse(text) as Partial<LimitSettings>);
      case 'DELETE limits':
        parts.limit.reset();
        return ok({});
      case 'DELETE calls':
        for (const name of Object.keys(parts.calls)) delete parts.calls[name];
        return ok({});
      case 'POST journals':
        return changeJournal(parts, JSON.parse(text) as Partial<JournalRow>);
      case 'POST products':
        return changeProducts(parts, JSON.parse(text) as Partial<ProductRow> | Partial<ProductRow>[]);
      case 'POST purchases':
        return changePurchase(parts, JSON.parse(text) as Partial<PurchaseRow>);
      case 'POST reference':
        return setReference(parts, JSON.parse(text) as Record<string, unknown>);
      default:
        return failure(404, `There is no control call '${what}'`);
    }
  } catch (error) {
    return failure(400, String(error));
  }
}

function setLimits({ limit }: SimParts, sent: Partial<LimitSettings>): Answer {
  if (sent.style !== undefined && !limitStyles.includes(sent.style)) return failure(400, `Styles: ${limitStyles.join(', ')}`);
  Object.assign(limit.settings, sent);
  return ok(limit.settings);
}

/** As a person does in the application's own pages, which know no rules of the API. */
function changeJournal({ state, stateFile }: SimParts, change: Partial<JournalRow>): Answer {
  const current = state.journals.get((change.TaskID ?? '').toLowerCase());
  if (!current) return failure(404, `There is no journal ${change.TaskID ?? ''}`);
  save(state, stateFile, { journal: { ...current, ...change, TaskID: current.TaskID } });
  return ok({});
}

function snapshotOf({ products, suppliers, journals, purchases, ...tables }: Cin7State): unknown {
  const rows = <Row>(table: Map<string, Row>): Row[] => [...table.values()];
  return { ...tables, products: rows(products), suppliers: rows(suppliers), journals: rows(journals), purchases: rows(purchases) };
}

/** Adds the product of this SKU, or changes it: `{"SKU": "ML-00007", "Status": "Deprecated"}`; a list of them too. */
function changeProducts({ state, stateFile, ...parts }: SimParts, sent: Partial<ProductRow> | Partial<ProductRow>[]): Answer {
  for (const { SKU = '', ...change } of [sent].flat()) {
    if (SKU === '') return failure(400, 'A product needs its SKU');
    const current = [...state.products.values()].find((one) => sameText(one.SKU, SKU)) ?? product(SKU, change.Name ?? SKU, {});
    save(state, stateFile, { product: { ...current, ...change, ID: current.ID, LastModifiedOn: oddTimestamp(parts.now()) } });
  }
  return ok({});
}

/** A receipt, an invoice, another type, a note of one's own: by ID or order number. */
function changePurchase(parts: SimParts, change: Partial<PurchaseRow>): Answer {
  const { ID = '', OrderNumber = '' } = change;
  const current =
    parts.state.purchases.get(ID.toLowerCase()) ??
    [...parts.state.purchases.values()].find((one) => sameText(one.OrderNumber, OrderNumber));
  if (!current) return failure(404, `There is no purchase ${ID}${OrderNumber}`);
  const { ID: id, OrderNumber: number } = current;
  save(parts.state, parts.stateFile, {
    purchase: { ...current, ...change, ID: id, OrderNumber: number, LastUpdatedDate: oddTimestamp(parts.now()) },
  });
  return ok({});
}

/** Replaces whole tables: `{"paymentTerms": [...]}`; of `me` only the fields given. */
function setReference({ state }: SimParts, sent: Record<string, unknown>): Answer {
  for (const table of referenceTables) {
    const rows = sent[table];
    if (Array.isArray(rows)) Object.assign(state, { [table]: rows });
  }
  if (typeof sent['me'] === 'object') Object.assign(state.me, sent['me']);
  return ok({});
}
