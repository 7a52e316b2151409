import { fields, type JdeNeeds } from './needs.ts';

/** Suppliers with their addresses, and what their codes mean. */
const suppliersToSuppliers: JdeNeeds = {
  tables: {
    F0101: fields('AN8 ALKY TAX ALPH LNGP AT1 TX2 UPMJ UPMT'),
    F0111: fields('AN8 IDLN MLNM UPMJ UPMT'),
    F0116: fields('AN8 EFTB ADD1 ADD2 ADD3 ADD4 ADDZ CTY1 COUN ADDS CTR UPMJ UPMT'),
    F0115: fields('AN8 IDLN CNLN RCK7 PHTP AR1 PH1 UPMJ UPMT'),
    F01151: fields('AN8 IDLN RCK7 ETP EMAL EHIER UPMJ UPMT'),
    F0401: fields('AN8 APC CRRP TXA2 EXR2 HDPY TRAP HOLD UPMJ UPMT'),
    F0014: fields('PTC PTD'),
  },
};

/** Purchase orders by header and line. */
const purchaseOrdersToPurchases: JdeNeeds = {
  tables: {
    F4301: fields(
      'DOCO DCTO KCOO SFXO MCU AN8 DRQJ TRDJ PDDJ CNDJ VR01 VR02 DEL1 DEL2 RMK PTC TXA1 EXR1 HOLD CRRM CRCD CRR BCRC ORBY UPMJ TDAY',
    ),
    F4311: fields(
      `DOCO DCTO KCOO SFXO LNID MCU ITM LITM AITM DSC1 DSC2 LNTY NXTR LTTR UOM UORG UCHG UOPN UREC UOM3 PRRC AEXP FRRC FEA TX TXA1
      EXR1 DRQJ PDDJ CNDJ VR01 AID OMCU OBJ SUB UPMJ TDAY`,
    ),
  },
};

/** The chart of accounts. */
const accountsToAccounts: JdeNeeds = {
  tables: { F0901: fields('AID CO MCU OBJ SUB ANS DL01 LDA PEC CRCD UPMJ UPMT') },
};

export const jdePresets = {
  'jde-suppliers-to-cin7-suppliers': suppliersToSuppliers,
  'jde-purchase-orders-to-cin7-purchases': purchaseOrdersToPurchases,
  'jde-accounts-to-cin7-accounts': accountsToAccounts,
} as const satisfies Record<string, JdeNeeds>;
export type JdePreset = keyof typeof jdePresets;
