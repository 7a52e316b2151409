import { envelope, exactDecimal, type Answer } from './answers.ts';
import { startsWith } from './reference.ts';
import type { ApiRequest } from './request.ts';
import type { Cin7State } from './state.ts';

/** `Sku` is contained in, `Name` begins with; deprecated products are listed on request only. */
export function getProducts(state: Cin7State, request: ApiRequest): Answer {
  const id = request.param('ID')?.toLowerCase();
  const sku = request.param('Sku')?.toLowerCase();
  const since = Date.parse(request.param('ModifiedSince') ?? '');
  const withDeprecated = request.param('IncludeDeprecated')?.toLowerCase() === 'true';
  const rows = [...state.products.values()].filter(
    (row) =>
      (!id || row.ID === id) &&
      (!sku || row.SKU.toLowerCase().includes(sku)) &&
      startsWith(row.Name, request.param('Name')) &&
      (withDeprecated || row.Status !== 'Deprecated') &&
      !(Date.parse(row.LastModifiedOn) < since),
  );
  return envelope('Products', rows, request.paging(), (row) => ({
    ...row,
    ID: row.ID.toUpperCase(),
    Brand: null,
    Barcode: null,
    PriceTier1: exactDecimal('0', 10),
    Suppliers: [],
    ReorderLevels: [],
    AttributeSet: null,
  }));
}

/** Bins are left out; at most 500 come at once, whatever the limit asked for, though Total counts them all. */
export function getLocations(state: Cin7State, request: ApiRequest): Answer {
  const [id, deprecated] = [request.param('ID')?.toLowerCase(), request.param('Deprecated')?.toLowerCase()];
  const rows = state.locations.filter(
    (row) =>
      (!id || row.ID === id) && startsWith(row.Name, request.param('Name')) && (!deprecated || String(row.IsDeprecated) === deprecated),
  );
  return envelope('LocationList', rows, request.paging(500), (row) => ({
    ...row,
    ID: row.ID.toUpperCase(),
    Bins: [],
    ParentID: null,
    ReferenceCount: 0,
  }));
}
