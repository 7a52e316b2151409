import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import { customersFlow } from '../bigcommerce-ar/index.ts';
import type { Flow } from '../flow.ts';
import { checkCustomer } from './check.ts';
import { customerCodes } from './codes.ts';
import { mapCustomer } from './map.ts';
import type { CustomerBody, CustomerPayload } from './payload.ts';
import { postCustomer } from './post.ts';
import { probeCustomer } from './probe.ts';
import { customerKeysOf, extractCustomers, readCustomers } from './read-customers.ts';
import { customerFlowSettings, customerValueMaps } from './settings.ts';
import { tryOutCustomer } from './try-out.ts';
import { writeCustomerNumber } from './write-back.ts';

/** Customers of a BigCommerce store become customers of SAP, each once; orders find them by the link. */
export const bigCommerceCustomersToSapCustomers: Flow<CustomerPayload, CustomerBody, BigCommerceSession, SapSession> = {
  id: customersFlow,
  title: 'BigCommerce customers to SAP customers',
  from: 'bigcommerce',
  to: 'sap-ecc',
  kind: 'master',
  settings: customerFlowSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: customerValueMaps,
  extract: extractCustomers,
  keysOfEvent: customerKeysOf,
  readKeys: readCustomers,
  map: mapCustomer,
  overridesIn: 'data',
  checkBody: checkCustomer,
  post: postCustomer,
  probe: probeCustomer,
  tryOut: tryOutCustomer,
  acknowledge: writeCustomerNumber,
  codes: customerCodes,
};
