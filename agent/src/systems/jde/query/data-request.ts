import type { AisQuery } from './conditions.ts';
import { isView } from './columns.ts';

/** Who asks: repeated in every request, as some sites answer 503 without (facts/jde-ais.md 13, 4). */
export interface Asker {
  deviceName: string;
  environment: string;
  role: string;
}

export interface BrowseRequest {
  table: string;
  controlIds: readonly string[];
  query: AisQuery | undefined;
  orderBy: readonly string[];
  maxRows: number;
}

/** Body of a read (facts/jde-ais.md 3). Never by cursors: those die after a minute, and hold the connection of a database. */
export function browseBody(asker: Asker, { table, controlIds, query, orderBy, maxRows }: BrowseRequest): Record<string, unknown> {
  return {
    ...asker,
    ...targetOf(table),
    dataServiceType: 'BROWSE',
    findOnEntry: 'TRUE',
    maxPageSize: String(maxRows),
    outputType: 'GRID_DATA',
    aliasNaming: true,
    allowCache: false,
    enableNextPageProcessing: false,
    returnControlIDs: controlIds.join('|'),
    ...(query ? { query } : {}),
    aggregation: { orderBy: orderBy.map((column) => ({ column, direction: 'ASC' })) },
  };
}

export function countBody(asker: Asker, { table, query }: { table: string; query: AisQuery | undefined }): Record<string, unknown> {
  return {
    ...asker,
    ...targetOf(table),
    dataServiceType: 'COUNT',
    findOnEntry: 'TRUE',
    outputType: 'GRID_DATA',
    allowCache: false,
    ...(query ? { query } : {}),
  };
}

function targetOf(table: string): Record<string, string> {
  return { targetName: table, targetType: isView(table) ? 'view' : 'table' };
}
