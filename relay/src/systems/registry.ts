import { bigCommerce } from './bigcommerce/index.ts';
import { cin7Core } from './cin7-core/index.ts';
import { jde } from './jde/index.ts';
import { sapEcc } from './sap-ecc/index.ts';
import type { SystemManifest } from './system.ts';

/** Every system the relay knows; a new one is a folder and a line here. */
export const systems: readonly SystemManifest[] = [sapEcc, jde, cin7Core, bigCommerce];
