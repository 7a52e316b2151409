import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import type { Flow } from '../flow.ts';
import { checkProduct } from './check.ts';
import { materialCodes } from './codes.ts';
import { extractMaterials } from './extract.ts';
import { mapMaterial } from './map.ts';
import type { MaterialPayload, ProductBody } from './payload.ts';
import { postMaterial } from './post.ts';
import { probeMaterial } from './probe.ts';
import { materialFlowSettings } from './settings.ts';

/** Materials of SAP ECC with their prices and stock keep the products of a BigCommerce store up to date. SAP is only read. */
export const sapMaterialsToBigCommerceProducts: Flow<MaterialPayload, ProductBody, SapSession, BigCommerceSession> = {
  id: 'sap-materials-to-bigcommerce-products',
  title: 'SAP materials to BigCommerce products',
  from: 'sap-ecc',
  to: 'bigcommerce',
  kind: 'master',
  settings: materialFlowSettings,
  // Prices and stock carry no date of change in SAP: the sweep finds them.
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 3_600_000 },
  valueMaps: [
    {
      id: 'categories',
      title: 'Categories',
      from: 'SAP material group (MATKL)',
      to: 'Ids of BigCommerce categories, separated by commas',
      missing: 'block',
    },
  ],
  extract: extractMaterials,
  map: mapMaterial,
  overridesIn: 'product',
  checkBody: checkProduct,
  post: postMaterial,
  probe: probeMaterial,
  codes: materialCodes,
};
