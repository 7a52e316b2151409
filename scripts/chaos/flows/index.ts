import { customerChaos } from './customers.ts';
import type { ChaosFlow } from './flow.ts';
import { jdeOrderChaos } from './jde-orders.ts';
import { jdeSupplierChaos } from './jde-suppliers.ts';
import { journalChaos } from './journals.ts';
import { orderChaos } from './orders.ts';
import { refundChaos } from './refunds.ts';
import { shipmentChaos } from './shipments.ts';
import { vendorChaos } from './vendors.ts';

export type { ChaosFlow, FlowInLane } from './flow.ts';
export const chaosFlows: readonly ChaosFlow[] = [
  vendorChaos,
  journalChaos,
  customerChaos,
  orderChaos,
  refundChaos,
  shipmentChaos,
  jdeSupplierChaos,
  jdeOrderChaos,
];
