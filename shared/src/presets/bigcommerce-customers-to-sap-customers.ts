import { fields, type SapNeeds } from './needs.ts';
import { customerTables } from './sap-ar.ts';

/** Customers created from a reference customer, and changed. */
export const customersToCustomers: SapNeeds = {
  functions: [],
  writes: ['BAPI_CUSTOMER_CREATEFROMDATA1', 'BAPI_CUSTOMER_CHANGEFROMDATA1'],
  tables: {
    ...customerTables,
    CDHDR: fields('OBJECTCLAS OBJECTID CHANGENR UDATE UTIME CHANGE_IND'),
    T001: fields('BUKRS BUTXT LAND1 WAERS KTOPL'),
    T005: fields('LAND1 INTCA'),
    T005T: fields('SPRAS LAND1 LANDX'),
    T052U: fields('SPRAS ZTERM ZTAGG TEXT1'),
    TCURC: fields('WAERS ISOCD'),
    TSAD3T: fields('LANGU TITLE TITLE_MEDI'),
    TVKO: fields('VKORG WAERS BUKRS'),
    TVTA: fields('VKORG VTWEG SPART'),
  },
};
