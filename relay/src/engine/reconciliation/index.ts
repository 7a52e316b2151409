export { changePlan, findPlan, plannedRange, planSettings, reconciliationSettings, type ReconciliationSettings } from './plan.ts';
export { Reconciliations } from './reconciliations.ts';
