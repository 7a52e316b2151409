import { functionDefinitions, type FunctionDefinition } from '../dictionary/index.ts';
import type { FunctionModule } from './call.ts';
import { bapiAccDocumentCheck, bapiAccDocumentPost, bapiAccDocumentRevPost } from './accounting.ts';
import { bapiTransactionCommit, bapiTransactionRollback } from './commit.ts';
import { bapiCustomerChangefromdata1 } from './customer-change.ts';
import { bapiCustomerCreatefromdata1 } from './customer-create.ts';
import { bapiCustomerGetdetail2, bapiCustomerGetlist } from './customers.ts';
import { rfcPingAndWait, rfcRaiseError, rfcSystemInfo, stfcConnection, stfcStructure } from './connection.ts';
import { ddifFieldinfoGet, rfcFunctionSearch, rfcGetFunctionInterface } from './metadata.ts';
import { zShipmentNote } from './shipments.ts';
import { bapiVendorGetdetail, bapiVendorGetlist, zVendorChange } from './vendors.ts';
import { bbpRfcReadTable, bodsRfcReadTable2, rfcReadTable } from './read-table.ts';

export const functionModules: Readonly<Record<string, FunctionModule>> = {
  RFC_PING: () => ({}),
  STFC_CONNECTION: stfcConnection,
  STFC_STRUCTURE: stfcStructure,
  RFC_SYSTEM_INFO: rfcSystemInfo,
  RFC_GET_FUNCTION_INTERFACE: rfcGetFunctionInterface,
  DDIF_FIELDINFO_GET: ddifFieldinfoGet,
  RFC_FUNCTION_SEARCH: rfcFunctionSearch,
  RFC_RAISE_ERROR: rfcRaiseError,
  RFC_PING_AND_WAIT: rfcPingAndWait,
  RFC_READ_TABLE: rfcReadTable,
  BBP_RFC_READ_TABLE: bbpRfcReadTable,
  '/BODS/RFC_READ_TABLE2': bodsRfcReadTable2,
  BAPI_TRANSACTION_COMMIT: bapiTransactionCommit,
  BAPI_TRANSACTION_ROLLBACK: bapiTransactionRollback,
  BAPI_ACC_DOCUMENT_CHECK: bapiAccDocumentCheck,
  BAPI_ACC_DOCUMENT_POST: bapiAccDocumentPost,
  BAPI_ACC_DOCUMENT_REV_POST: bapiAccDocumentRevPost,
  BAPI_VENDOR_GETLIST: bapiVendorGetlist,
  BAPI_VENDOR_GETDETAIL: bapiVendorGetdetail,
  BAPI_CUSTOMER_GETLIST: bapiCustomerGetlist,
  BAPI_CUSTOMER_GETDETAIL2: bapiCustomerGetdetail2,
  BAPI_CUSTOMER_CREATEFROMDATA1: bapiCustomerCreatefromdata1,
  BAPI_CUSTOMER_CHANGEFROMDATA1: bapiCustomerChangefromdata1,
  Z_VENDOR_CHANGE: zVendorChange,
  Z_SHIPMENT_NOTE: zShipmentNote,
};

/** Not on every system: switched on by name. */
export const optionalFunctions = [
  'BBP_RFC_READ_TABLE',
  '/BODS/RFC_READ_TABLE2',
  'BAPI_VENDOR_GETLIST',
  'Z_VENDOR_CHANGE',
  'Z_SHIPMENT_NOTE',
] as const;
export type OptionalFunction = (typeof optionalFunctions)[number];

export interface FunctionChoice {
  /** Optional functions that this system has. */
  also?: readonly OptionalFunction[];
  /** Stock functions that this system lacks. */
  without?: readonly string[];
  /** Note 2246160: RFC_READ_TABLE has GET_SORTED and ET_DATA. Default true. */
  sortedReads?: boolean;
}

/** Parameters that came with note 2246160. */
const laterParameters = ['GET_SORTED', 'USE_ET_DATA_4_RETURN', 'ET_DATA'];

export function chooseFunctions({ also = [], without = [], sortedReads = true }: FunctionChoice): Map<string, FunctionDefinition> {
  const isOptional = (name: string): boolean => (optionalFunctions as readonly string[]).includes(name);
  const chosen = [...functionDefinitions.values()].filter(
    ({ name }) => !without.includes(name) && (!isOptional(name) || (also as readonly string[]).includes(name)),
  );
  return new Map(chosen.map((one) => [one.name, sortedReads || one.name !== 'RFC_READ_TABLE' ? one : olderReadTable(one)]));
}

function olderReadTable(definition: FunctionDefinition): FunctionDefinition {
  return { ...definition, parameters: definition.parameters.filter(({ name }) => !laterParameters.includes(name)) };
}

export { isPacked, packRows, type FunctionCall, type PackedRows, type Session, type Structure, type Value } from './call.ts';
export { functionNotFound } from './metadata.ts';
