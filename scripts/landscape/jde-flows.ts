export const jdeSupplierFlow = 'jde-suppliers-to-cin7-suppliers';
export const jdeOrderFlow = 'jde-purchase-orders-to-cin7-purchases';
export const jdeAccountFlow = 'jde-accounts-to-cin7-accounts';
export const jdeFlows = [jdeSupplierFlow, jdeOrderFlow, jdeAccountFlow] as const;
export type JdeFlow = (typeof jdeFlows)[number];

/** Name of the JD Edwards system in agent.yaml. */
export const jdeName = 'JDE';
