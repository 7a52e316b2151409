import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';

/** One material with what a shop needs of it (facts/sap-ecc.md 2.9). Quantities and amounts are decimal texts. */
export interface SapMaterial {
  /** As stored: numbers with leading zeros. */
  number: string;
  /** In the asked language, else in the first there is. */
  description: string;
  materialType: string;
  materialGroup: string;
  baseUnit: string;
  /** EAN11. */
  ean: string;
  grossWeight: string;
  netWeight: string;
  weightUnit: string;
  isDeleted: boolean;
  /** Unrestricted stock per plant and storage location. */
  stock: { plant: string; storageLocation: string; quantity: string }[];
  /** Valid today, per condition table read; amount for `per` units. */
  prices: {
    conditionType: string;
    salesOrganisation: string;
    distributionChannel: string;
    amount: string;
    currency: string;
    per: string;
    unit: string;
  }[];
}

export interface ReadMaterials {
  mode: 'changes' | 'sweep' | 'full' | 'keys';
  /** Of the batch before; null at first. */
  cursor: unknown;
  keys?: readonly string[];
  language: string;
  plants: readonly string[];
  storageLocations?: readonly string[];
  salesOrganisation?: string;
  distributionChannel?: string;
  conditionType?: string;
  materialTypes?: readonly string[];
  progress(message: string): void;
}

export interface MaterialBatch {
  materials: SapMaterial[];
  /** To be stored together with these materials; undefined leaves the stored one. */
  cursor: unknown;
}

/** Materials in batches, changed ones by LAEDA and change documents with overlap; prices and stock have no change date and come with a sweep. */
export type ReadSapMaterials = (session: SapSession, read: ReadMaterials, scope: CallScope) => AsyncGenerator<MaterialBatch, void, void>;
