import type { ChaosFlow } from './flow.ts';
import { vendorChaos } from './vendors.ts';

export type { ChaosFlow } from './flow.ts';
export const chaosFlows: readonly ChaosFlow[] = [vendorChaos];
